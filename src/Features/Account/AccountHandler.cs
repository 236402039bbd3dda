using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features.Account;

/// <summary>The person's own details, as typed.</summary>
public sealed record SaveAccount(string Name, string Mobile);

public static class AccountHandler
{
    public static Account Show(Clinician clinician, string? saved) => new(
        clinician.Email, clinician.Name, UkMobile.TryParse(clinician.TestMobile, out var mobile, out _) ? mobile.ToString() : "",
        saved switch { "details" => "Your details are saved", "password" => "Your password is changed. You are signed out everywhere else", _ => null }, []);

    public static IReadOnlyList<FieldError> Validate(SaveAccount command)
    {
        var problems = new List<FieldError>();
        if (ClinicianName.Problem(command.Name) is { } problem)
            problems.Add(new("name", problem));
        if (!UkMobile.TryParse(command.Mobile, out _, out var why) && !string.IsNullOrWhiteSpace(command.Mobile))
            problems.Add(new("mobile", why));
        return problems;
    }

    public static void Handle(SaveAccount command, Clinician clinician)
    {
        clinician.Name = command.Name.Trim();
        clinician.TestMobile = UkMobile.TryParse(command.Mobile, out var mobile, out _) ? mobile.E164 : null;
    }
}
