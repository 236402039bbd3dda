using PatientResponse.Infrastructure.Hosting;

namespace PatientResponse.Infrastructure.Patients;

/// <summary>Where patients are found.</summary>
public sealed class PatientsSettings : ISettings
{
    public IReadOnlyList<string> Keys => ["Patients:Provider"];

    public IEnumerable<string> Problems(IConfiguration settings, Purpose purpose)
    {
        if (settings["Patients:Provider"] is { Length: > 0 } provider && provider != "local")
            yield return "Patients:Provider is 'local' in this version.";
    }
}
