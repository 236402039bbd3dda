using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Infrastructure.Files;

/// <summary>Where files are kept.</summary>
public sealed class FilesSettings : ISettings
{
    public IReadOnlyList<string> Keys => ["Files:Provider"];

    public IEnumerable<string> Problems(IConfiguration settings, Purpose purpose)
    {
        if (settings["Files:Provider"] is { Length: > 0 } provider && provider != "folder")
            yield return "Files:Provider is 'folder' in this version.";
    }
}
