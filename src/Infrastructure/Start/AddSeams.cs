using PatientResponse.Infrastructure.Email;
using PatientResponse.Infrastructure.Files;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Scan;
using PatientResponse.Infrastructure.Sms;

namespace PatientResponse.Infrastructure.Start;

/// <summary>The outside world, as this installation has it.</summary>
public static class Seams
{
    public static void AddSeams(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<CapturedMessages>();
        builder.AddSms();
        builder.AddEmail();
        services.AddScanner(builder.Configuration);
        services.AddFiles();
        services.AddSingleton<LocalPatients>();
        services.AddSingleton<IPatientDirectory>(provider => new WithTestPatient(provider.GetRequiredService<LocalPatients>()));
    }
}
