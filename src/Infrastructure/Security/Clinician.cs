using System.Globalization;
using System.Text;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Security;

/// <summary>A member of staff who signs in.</summary>
public sealed class Clinician : INeverGoesBack
{
    public string Id { get; set; } = Guid.NewGuid().ToString("N");

    /// <summary>What they sign in with, and where notifications go.</summary>
    public string Email { get; set; } = "";
    public string Name { get; set; } = "";
    public string PracticeId { get; set; } = "";
    public string? PasswordHash { get; set; }

    /// <summary>A new one ends every session of this person.</summary>
    public string SecurityStamp { get; set; } = "";
    public bool Disabled { get; set; }

    /// <summary>The number, in E.164, that this person uses for the test patient.</summary>
    public string? TestMobile { get; set; }

    /// <summary>The last line of this person's messages; null for the practice's.</summary>
    public string? SignOff { get; set; }

    /// <summary>This person does not want the daily email about requests that ended without an answer.</summary>
    public bool NoEmailOfUnanswered { get; set; }

    /// <summary>Whether this person may change the practice's settings.</summary>
    public bool IsManager { get; set; }

    /// <summary>What they prove besides the password.</summary>
    public Factors Factors { get; set; } = new();

    /// <summary>When a second step may be offered again to somebody who has none.</summary>
    public DateTimeOffset OfferAgainAt { get; set; }

    public string? Lookup => LookupOf(Email);

    public static string LookupOf(string email) => Normalise(email);

    /// <summary>One spelling, without what was pasted along and shows nothing.</summary>
    public static string Normalise(string email) =>
        string.Concat(email.EnumerateRunes().Where(c => Rune.GetUnicodeCategory(c) != UnicodeCategory.Format)).Trim().ToLowerInvariant();
}
