using System.Globalization;

namespace PatientResponse.Infrastructure.Languages;

/// <summary>A language that the patient's pages can be read in: its tag (RFC 5646), its own name, and the English one for staff. To add one, add it to
/// <see cref="All"/> and its words beside PatientWords.resx; a test says what is missing.</summary>
public sealed record Language(string Tag, string Name, string EnglishName, bool IsRightToLeft = false)
{
    public static readonly Language English = new("en", "English", "English");
    public static readonly Language Welsh = new("cy", "Cymraeg", "Welsh");

    /// <summary>English made long, accented and right to left, so that pages can be tried before such a language comes. Development only.</summary>
    public static readonly Language Pseudo = new("en-x-pseudo", "Pseudo", "pseudo", IsRightToLeft: true);

    public static readonly IReadOnlyList<Language> All = [English, Welsh, Pseudo];

    /// <summary>Of the request that is answered.</summary>
    public static Language Current => OfTag(CultureInfo.CurrentUICulture.Name) ?? English;

    public static Language? OfTag(string? tag) => All.FirstOrDefault(language => string.Equals(language.Tag, tag, StringComparison.OrdinalIgnoreCase));

    public CultureInfo Culture => CultureInfo.GetCultureInfo(Tag);
}
