using System.Globalization;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Infrastructure.Security;

/// <summary>What a practice's settings may be, for the managers' page and the operator's command alike.</summary>
public static class PracticeRules
{
    public const int MostOfName = 100;

    /// <summary>It is billed in every message.</summary>
    public const int MostOfSignOff = 60;

    /// <summary>Alphanumeric sender names of GSM (3GPP TS 23.040, 9.1.2.5) have 11 characters.</summary>
    public const int MostOfSenderName = 11;

    public const int MostOfAskingWords = 300;

    /// <summary>It takes one line of each page.</summary>
    public const int MostOfSupport = 100;

    /// <summary>A link lives seven days; whoever asked needs some weeks to read and copy the answer.</summary>
    public const int FewestRetentionDays = 30;
    public const int MostRetentionDays = 36_500;
    private const int MostOfId = 40;
    private const int MostOfCap = 1_000_000;

    /// <summary>What is wrong, by field; empty when the practice can be saved.</summary>
    public static IReadOnlyList<FieldError> Problems(Practice practice) =>
    [
        .. Problem("id", Id(practice.Id)),
        .. Problem("name", practice.Name == "" ? "A practice needs a name" : Line("name", practice.Name, MostOfName)),
        .. Problem("phone", IsPhone(practice.Phone) ? null : "The phone number has 10 or 11 digits and begins with 0, such as 01632 960001"),
        .. Problem("senderName", SenderName(practice.SenderName)),
        .. Problem("signOff", SignOff(practice.SignOff)),
        .. Problem("askingWords", practice.AskingWords == "" ? null : Line("words", practice.AskingWords, MostOfAskingWords, "have")),
        .. Problem("support", practice.Support == "" ? null : Line("support contact", practice.Support, MostOfSupport)),
        .. Problem("retentionDays", practice.RetentionDays is null or (>= FewestRetentionDays and <= MostRetentionDays)
            ? null : $"The number of days is from {FewestRetentionDays} to {MostRetentionDays}"),
        .. Problem("capPerClinician", Cap("for each clinician", practice.DailyCapPerClinician)),
        .. Problem("cap", Cap("for the practice", practice.DailyCap)),
    ];

    /// <summary>What is wrong with a sign-off, a practice's or a person's own; null when it will do.</summary>
    public static string? SignOff(string signOff) =>
        signOff == "" ? "The sign-off must not be empty" : Line("sign-off", signOff, MostOfSignOff);

    /// <summary>What differs, in words for the audit record.</summary>
    public static IReadOnlyList<string> Changes(Practice before, Practice after)
    {
        return [.. Said(before).Zip(Said(after)).Where(pair => pair.First != pair.Second)
            .Select(pair => $"{pair.Second.What}: {pair.First.Value} -> {pair.Second.Value}")];

        static IEnumerable<(string What, string Value)> Said(Practice practice) =>
        [
            ("name", Quoted(practice.Name)), ("phone", Quoted(practice.Phone)), ("sender name", Quoted(practice.SenderName)),
            ("sign-off", Quoted(practice.SignOff)), ("name before date of birth", YesNo(practice.ShowNameBeforeDateOfBirth)),
            ("neutral messages", YesNo(practice.NeutralMessages)), ("words that ask", Quoted(practice.AskingWords)),
            ("support contact", Quoted(practice.Support)),
            ("retention days", practice.RetentionDays?.ToString(CultureInfo.InvariantCulture) ?? "not set"),
            ("second factor required", YesNo(practice.RequiresSecondFactor)),
            ("messages a day per clinician", practice.DailyCapPerClinician.ToString(CultureInfo.InvariantCulture)),
            ("messages a day", practice.DailyCap.ToString(CultureInfo.InvariantCulture)),
        ];

        static string Quoted(string? text) => text is null or "" ? "none" : $"\"{text}\"";
        static string YesNo(bool value) => value ? "yes" : "no";
    }

    private static FieldError[] Problem(string field, string? message) => message is null ? [] : [new(field, message)];

    private static string? Id(string id) =>
        id.Length is > 0 and <= MostOfId && id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            ? null : $"The id has lower-case letters, digits and dashes, at most {MostOfId}";

    private static string? Line(string what, string text, int most, string has = "has") =>
        text.Length > most ? $"The {what} {has} at most {most} characters"
        : OneLine.Problem(what, text);

    private static string? SenderName(string? name) =>
        name is null || (name.Length <= MostOfSenderName && name.All(c => char.IsAsciiLetterOrDigit(c) || c == ' ') && name.Any(char.IsAsciiLetter))
            ? null : $"The sender name has letters, digits and spaces, at least one letter, and at most {MostOfSenderName} characters";

    private static bool IsPhone(string phone) =>
        phone == "" || TypedText.WithoutFiller(phone) is ['0', .., _] digits && digits.Length is 10 or 11 && digits.All(char.IsAsciiDigit);

    private static string? Cap(string whose, int cap) => cap is >= 1 and <= MostOfCap ? null : $"The messages a day {whose} are a number from 1 to {MostOfCap}";
}
