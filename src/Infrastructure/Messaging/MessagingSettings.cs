using System.Globalization;
using PatientResponse.Infrastructure.Hosting;

namespace PatientResponse.Infrastructure.Messaging;

/// <summary>How much this process works on at once.</summary>
public sealed class MessagingSettings : ISettings
{
    public IReadOnlyList<string> Keys => ["Messaging:Workers", "Messaging:FinishWithin"];

    public IEnumerable<string> Problems(IConfiguration settings, Purpose purpose)
    {
        if (settings["Messaging:Workers"] is { Length: > 0 } workers && !int.TryParse(workers, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            yield return "Messaging:Workers is a number from 0.";
        if (settings["Messaging:FinishWithin"] is { Length: > 0 } within && !TimeSpan.TryParse(within, CultureInfo.InvariantCulture, out _))
            yield return "Messaging:FinishWithin is a time such as 00:00:12.";
    }
}
