using PatientResponse.Infrastructure.Hosting;

namespace PatientResponse.Infrastructure.Scan;

/// <summary>Who looks for viruses.</summary>
public sealed class ScanSettings : ISettings
{
    public IReadOnlyList<string> Keys => ["Scan:ClamAv:Host", "Scan:ClamAv:Port"];

    public IEnumerable<string> Problems(IConfiguration settings, Purpose purpose) => ClamAvOptions.Problems(settings);
}
