using System.Text.RegularExpressions;

namespace PatientResponse.Infrastructure.Patients;

/// <summary>What a record's banner says beside name and date of birth, and what comes along when it is copied: labels, age and sex.</summary>
internal static partial class PastedBanner
{
    /// <summary>What is left of a text, from which the date of birth has been taken, without them.</summary>
    public static string Without(string rest) => Sex().Replace(Age().Replace(Label().Replace(rest, " "), " "), " ");

    [GeneratedRegex(@"\b(?:patient(?: name)?|name)\s*:", RegexOptions.IgnoreCase)]
    private static partial Regex Label();

    /// <summary>"(59y)", "59 yrs", "(2y 3m)", "(18 months)", "Age: 59", "(59)".</summary>
    [GeneratedRegex(@"\(\s*(?:aged?\b\s*:?\s*)?" + Number + "(?:" + Unit + @")?(?:\s*\d{1,2}" + Unit + @")?(?:\s*old)?\s*\)|\baged?\b\s*:?\s*" + Number + "(?:" + Unit + @")?(?:\s*old)?(?!\w)|" + Number + Unit + @"(?:\s*\d{1,2}" + Unit + @")?(?:\s*old)?(?!\w)", RegexOptions.IgnoreCase)]
    private static partial Regex Age();

    /// <summary>Without its label only where it can be no initial and, beside a name, hardly a name.</summary>
    [GeneratedRegex(@"\b(?:gender|sex)\b\s*:?\s*(?:female|male|unknown|other|not (?:known|specified)|[fm])?\b|(?<=,\s*)(?:female|male)(?=\s*(?:,|$))", RegexOptions.IgnoreCase)]
    private static partial Regex Sex();

    private const string Number = @"(?<!\d)\d{1,3}";
    private const string Unit = @"\s*(?:years?|yrs?|y|months?|mths?|m|weeks?|wks?|w|days?|d)\b\.?";
}
