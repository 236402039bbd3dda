using System.Globalization;

namespace PatientResponse.Infrastructure.Hosting;

/// <summary>How a process comes to its end.</summary>
public sealed class StoppingSettings : ISettings
{
    public IReadOnlyList<string> Keys => ["Stopping:Notice"];

    public IEnumerable<string> Problems(IConfiguration settings, Purpose purpose)
    {
        if (settings["Stopping:Notice"] is { Length: > 0 } notice && !TimeSpan.TryParse(notice, CultureInfo.InvariantCulture, out _))
            yield return "Stopping:Notice is a time such as 00:00:05.";
    }
}
