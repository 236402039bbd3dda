using System.Text.RegularExpressions;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.SendMessage;

/// <summary>Finds NHS numbers among words, with or without spaces and dashes.</summary>
public static partial class NhsNumbersInText
{
    private const int Digits = 10;

    public static IReadOnlyList<NhsNumber> Find(string text) =>
        [.. Runs().Matches(Plain(text)).Where(run => run.Value[0] != '+').SelectMany(run => InRun(run.Value)).Distinct()];

    /// <summary>Digits as 0–9, and one space for whatever people put between them.</summary>
    private static string Plain(string text) =>
        string.Concat(TypedText.WithAsciiDigits(text).Select(c => TypedText.IsFiller(c) ? ' ' : c));

    private static IEnumerable<NhsNumber> InRun(string run)
    {
        var groups = run.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var from = 0; from < groups.Length; from++)
        {
            var to = from;
            for (var length = 0; to < groups.Length && length < Digits; to++)
                length += groups[to].Length;
            var group = groups[from..to];
            // In a longer row of digits, such as a list or a phone number, only the usual groups count.
            if ((group.Length == groups.Length || group is [{ Length: Digits }] or [{ Length: 3 }, { Length: 3 }, { Length: 4 }])
                && NhsNumber.TryParse(string.Concat(group), out var number, out _))
                yield return number;
        }
    }

    /// <summary>A row of digits, with the plus sign that makes it a phone number.</summary>
    [GeneratedRegex(@"\+?[0-9][0-9 ]*")]
    private static partial Regex Runs();
}
