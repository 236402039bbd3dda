using System.Globalization;

namespace PatientResponse.Infrastructure.Scan;

/// <summary>Where clamd listens.</summary>
public sealed record ClamAvOptions(string Host, int Port)
{
    private const string HostKey = "Scan:ClamAv:Host";
    private const string PortKey = "Scan:ClamAv:Port";

    /// <summary>Null where no scanner is wanted.</summary>
    public static ClamAvOptions? From(IConfiguration configuration) =>
        configuration[HostKey] is { Length: > 0 } host && PortIn(configuration) is { } port ? new(host, port) : null;

    /// <summary>What is wrong with the settings. Half of them would leave files unscanned, and nobody would know.</summary>
    public static IEnumerable<string> Problems(IConfiguration configuration)
    {
        if (configuration[HostKey] is { Length: > 0 } && PortIn(configuration) is null)
            yield return $"{PortKey} must be the TCP port of clamd, from 1 to 65535, such as 3310.";
        if (configuration[PortKey] is { Length: > 0 } && string.IsNullOrEmpty(configuration[HostKey]))
            yield return $"{HostKey} must name the host of clamd, because {PortKey} is set.";
    }

    private static int? PortIn(IConfiguration configuration) =>
        int.TryParse(configuration[PortKey], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 ? port : null;
}
