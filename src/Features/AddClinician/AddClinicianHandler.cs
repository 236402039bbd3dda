using PatientResponse.Infrastructure.Security;

namespace PatientResponse.Features.AddClinician;

/// <summary>What the operator gave.</summary>
public sealed record AddClinician(string Email, string? Name, string? Practice, bool? Manager = null);

public static class AddClinicianHandler
{
    /// <summary>The longest address that mail takes (RFC 5321, 4.5.3.1.3).</summary>
    private const int MostOfEmail = 254;

    /// <summary>What stands in the way; null when nothing does.</summary>
    /// <param name="before">The person who has this email already.</param>
    /// <param name="practice">The practice that was named, if there is one.</param>
    public static string? Problem(AddClinician command, Clinician? before, Practice? practice) =>
        !IsEmail(command.Email) ? $"'{command.Email}' is not an email address."
        : before is { Disabled: true } ? $"{before.Email} is disabled."
        : before is null && command.Name is null ? "A new person needs a name: --name \"Dr Dana Jones\"."
        : before is null && command.Practice is null ? "A new person needs a practice: --practice riverside."
        : command.Name is not null && ClinicianName.Problem(command.Name) is { } problem ? problem + "."
        : command.Practice is not null && practice is null ? $"There is no practice '{command.Practice}'. Make it first: practice set {command.Practice} --name \"…\"."
        : null;

    public static Clinician Handle(AddClinician command, Clinician? before)
    {
        var clinician = before ?? new Clinician { Email = Clinician.Normalise(command.Email) };
        clinician.Name = command.Name?.Trim() ?? clinician.Name;
        clinician.PracticeId = command.Practice ?? clinician.PracticeId;
        clinician.IsManager = command.Manager ?? clinician.IsManager;
        return clinician;
    }

    /// <summary>Plain ASCII, one @, a dot in the domain: what every NHS address is.</summary>
    private static bool IsEmail(string email) =>
        Clinician.Normalise(email) is { Length: <= MostOfEmail } trimmed
        && trimmed.All(c => c is > ' ' and < '\x7f' and not ('<' or '>' or '"' or '(' or ')' or ',' or ';' or ':' or '\\' or '[' or ']'))
        && trimmed.Split('@') is [{ Length: > 0 }, var domain]
        && domain.Split('.') is { Length: > 1 } labels && !labels.Contains("");
}
