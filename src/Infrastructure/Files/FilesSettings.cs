using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Hosting;

namespace PatientResponse.Infrastructure.Files;

/// <summary>Where files are kept.</summary>
public sealed class FilesSettings : ISettings
{
    public IReadOnlyList<string> Keys => S3Settings.Keys;

    public IEnumerable<string> Problems(IConfiguration settings, Purpose purpose) => S3Settings.Problems(settings, purpose.IsProduction);
}
