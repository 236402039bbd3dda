namespace PatientResponse.Infrastructure.Web;

/// <summary>Nothing reaches a real person in Development, and nothing stays in memory in Production.</summary>
internal static class SenderChoice
{
    public static IEnumerable<string> Problems(string key, IConfiguration settings, Purpose purpose)
    {
        var isCapture = settings[key] is null or "" or "capture";
        if (purpose is { Serves: true, IsProduction: true } && isCapture)
            yield return $"{key} must name a real sender: 'capture' keeps messages in memory, for trying out.";
        if (purpose is { Serves: true, IsProduction: false } && !isCapture)
            yield return $"{key} must be 'capture' in Development: nothing may reach a real person.";
    }
}
