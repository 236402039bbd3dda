using System.Text.RegularExpressions;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.ImportPatients;

/// <summary>What a list says of a mobile number.</summary>
/// <param name="Number">To be kept; null where there is none.</param>
/// <param name="Remark">Why it cannot be texted, or what was taken for it, in words that do not repeat it; empty if it is plain.</param>
public sealed partial record MobileCell(string? Number, bool CanBeTexted, string Remark)
{
    private const int LongestKept = 40;
    private static readonly HashSet<string> Nothing = ["", "null", "none", "n/a", "na", "nil", "no", "unknown", "not known", "x"];

    public static MobileCell Read(string cell)
    {
        var text = ExcelText.Plain(BirthText.Plain(cell));
        text = text.StartsWith("tel:", StringComparison.OrdinalIgnoreCase) ? text[4..] : text;
        if (Nothing.Contains(text.ToLowerInvariant()) || text.All(c => c == '0' || TypedText.IsFiller(c)))
            return new(null, false, "");
        if (ExcelText.IsShortened(text))
            return Untexted(text, "a spreadsheet has shortened the number");
        if (UkMobile.TryParse(text, out var mobile, out var problem))
            return new(mobile.ToString(), true, TypedText.WithoutFiller(text)[0] == '7' ? "the 0 that was missing in front was added" : "");
        return Within(text) switch
        {
            [var one] => new(one.ToString(), true, "the number was taken, and what stands beside it left out"),
            [] => Untexted(text, problem.Split(". ")[0]),
            _ => Untexted(text, "more than one number"),
        };
    }

    /// <summary>The mobile numbers that stand among other things, each once.</summary>
    private static IReadOnlyList<UkMobile> Within(string text) =>
        [.. Mobiles().Matches(text).Select(match => UkMobile.TryParse(match.Value, out var mobile, out _) ? mobile : default).Where(mobile => mobile != default).Distinct()];

    private static MobileCell Untexted(string text, string why) => new(text.Length <= LongestKept ? text : text[..LongestKept], false, "cannot be texted: " + why);

    [GeneratedRegex(@"(?<!\d)(?:(?:\+|00)\s?44[\s.-]*(?:\(0\)|0)?|\(\+44\)|44|0)?[\s.-]*7\d(?:[\s.-]?\d){8}(?!\d)")]
    private static partial Regex Mobiles();
}
