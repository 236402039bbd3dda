using Microsoft.AspNetCore.Identity;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Infrastructure.Security;

/// <summary>What a password has to be. NIST SP 800-63B and the NCSC: length counts, forced mixtures do not.</summary>
public static class NewPassword
{
    public const int FewestCharacters = 12;

    /// <summary>Of PBKDF2 with HMAC-SHA-512 (OWASP ASVS 5.0, appendix C: 210,000 or more). Who was hashed with fewer is hashed anew when they
    /// sign in.</summary>
    public const int Rounds = 210_000;

    private const int FewestDifferent = 4;

    internal static PasswordOptions Options => new()
    {
        RequiredLength = FewestCharacters,
        RequiredUniqueChars = FewestDifferent,
        RequireDigit = false,
        RequireLowercase = false,
        RequireUppercase = false,
        RequireNonAlphanumeric = false,
    };

    /// <summary>What is wrong with a new password, for the fields <c>password</c> and <c>again</c>.</summary>
    public static IEnumerable<FieldError> Problems(string email, string password, string again)
    {
        if (Problem(email, password) is { } problem)
            yield return new("password", problem);
        if (again.Length == 0)
            yield return new("again", "Type the new password again");
        else if (again != password)
            yield return new("again", "The two passwords must be the same");
    }

    private static string? Problem(string email, string password) =>
        password.Length == 0 ? "Enter a new password"
        : password.Length < FewestCharacters ? $"The new password must have {FewestCharacters} characters or more"
        : Clinician.Normalise(password) == Clinician.Normalise(email) ? "The new password must not be your email address"
        : password.Distinct().Count() < FewestDifferent ? $"The new password must have {FewestDifferent} different characters or more"
        : GuessablePassword.IsOne(password) ? "The new password must not be one that is often used: no row of keys, no common word with a number"
        : null;
}
