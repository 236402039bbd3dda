using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.Account;

/// <summary>The person's own details, as typed.</summary>
/// <param name="DailyEmail">Whether the email about missing answers is wanted; null where that was not asked.</param>
public sealed record SaveAccount(string Name, string Mobile, string SignOff, bool? DailyEmail = null);

public static class AccountHandler
{
    public static Account Show(Clinician clinician, Practice practice, string? saved) => new(
        clinician, practice, clinician.Name, UkMobile.TryParse(clinician.TestMobile, out var mobile, out _) ? mobile.ToString() : "",
        clinician.SignOff ?? "", !clinician.NoEmailOfUnanswered, Saved(saved), []);

    /// <summary>The page with what was typed and what is wrong with it.</summary>
    public static Account Again(SaveAccount command, Clinician clinician, Practice practice, IReadOnlyList<FieldError> problems) =>
        new(clinician, practice, command.Name, command.Mobile, command.SignOff, command.DailyEmail ?? !clinician.NoEmailOfUnanswered, null, problems);

    public static IReadOnlyList<FieldError> Validate(SaveAccount command)
    {
        var problems = new List<FieldError>();
        if (ClinicianName.Problem(command.Name) is { } problem)
            problems.Add(new("name", problem));
        if (!UkMobile.TryParse(command.Mobile, out _, out var why) && !string.IsNullOrWhiteSpace(command.Mobile))
            problems.Add(new("mobile", why));
        if (OwnSignOff(command) is { } own && PracticeRules.SignOff(own) is { } wrong)
            problems.Add(new("signOff", wrong));
        return problems;
    }

    public static void Handle(SaveAccount command, Clinician clinician)
    {
        clinician.Name = command.Name.Trim();
        clinician.TestMobile = UkMobile.TryParse(command.Mobile, out var mobile, out _) ? mobile.E164 : null;
        clinician.SignOff = OwnSignOff(command);
        clinician.NoEmailOfUnanswered = command.DailyEmail is { } wanted ? !wanted : clinician.NoEmailOfUnanswered;
    }

    /// <summary>Which details differ, for the record; never what they are.</summary>
    public static IReadOnlyList<string> Changes(SaveAccount command, Clinician before)
    {
        var after = new Clinician { NoEmailOfUnanswered = before.NoEmailOfUnanswered };
        Handle(command, after);
        return
        [
            .. after.Name != before.Name ? ["name"] : Array.Empty<string>(),
            .. after.TestMobile != before.TestMobile ? ["test mobile"] : Array.Empty<string>(),
            .. after.SignOff != before.SignOff ? ["sign-off"] : Array.Empty<string>(),
            .. after.NoEmailOfUnanswered != before.NoEmailOfUnanswered ? ["daily email"] : Array.Empty<string>(),
        ];
    }

    private static string? OwnSignOff(SaveAccount command) => command.SignOff.Trim() is { Length: > 0 } own ? own : null;

    private static string? Saved(string? what) => what switch
    {
        "details" => "Your details are saved",
        "password" => "Your password is changed. You are signed out everywhere else",
        _ => null,
    };
}
