using System.Text;
using PatientResponse.Features.Composing;
using PatientResponse.Features.SendMessage;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Tests.Fuzzing.Reading;

/// <summary>What people write.</summary>
internal static class Words
{
    private const string SoftHyphen = "\u00AD";
    private const string OptionalHyphen = "\u001F";
    private static readonly PlaceholderValues Values = new("Pat", "Pat Lee", "Dr Ann Poe", "Elm Practice", "020 7946 0000");

    private static readonly string[] Tokens =
    [
        "\x1E", "\x1F", "\x0B", "\x0C", "\xC2\x85", "\xC2\xA0", "\xC2\xAD", "\xC2\x96", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x80\x8B", "\xE2\x80\x8D", "\xE2\x80\xAF", "\xCC\x81", "\xE2\x82\xAC", "\xE2\x80\x99",
        "\xF0\x9F\x98\x80", "\xEF\xBC\x91", "\xEF\xBB\xBF", "\r\n", "\t", "5 mg", "999 000 0018", "[patient first name]", "{{", "}}", "___", "Jane Smith", "SMITH, Jane",
    ];

    public static IReadOnlyList<Reader> All { get; } =
    [
        new("text", bytes => CheckText(Bytes.Text(bytes)), Samples, Tokens),
        new("sms", bytes => CheckSms(Bytes.Text(bytes)), Samples, Tokens),
        new("warnings", bytes => CheckWarnings(Bytes.Text(bytes)), Samples, Tokens),
    ];

    private static void CheckText(string text)
    {
        var kept = PlainText.Clean(text);
        Promise.That(PlainText.Clean(kept) == kept, "What is kept is kept as it is.");
        Promise.That(!kept.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\t')), "Words hold no control characters.");
        CheckNumbers(text, kept);
        var line = OneLine.Clean(text);
        Promise.That(OneLine.Problem("name", line) is null, "A line that was cleaned is one line.");
        Promise.That(OneLine.Clean(line) == line, "A line that was cleaned stays as it is.");
    }

    /// <summary>A dose of "5-10 mg" must never become one of 510 mg, whatever stood between.</summary>
    private static void CheckNumbers(string typed, string kept)
    {
        var (before, after) = (Between(typed), Between(kept));
        Promise.That(before.Digits == after.Digits, "No digit is lost, and none comes.");
        for (var gap = 0; gap < after.Gaps.Count; gap++)
            Promise.That(after.Gaps[gap] != "" || before.Gaps[gap].All(letter => $"{letter}" is SoftHyphen or OptionalHyphen), "Two numbers do not become one.");
    }

    private static (string Digits, List<string> Gaps) Between(string text)
    {
        var (digits, gaps, last) = (new StringBuilder(), new List<string>(), -1);
        for (var at = 0; at < text.Length; at++)
        {
            if (!char.IsAsciiDigit(text[at])) continue;
            if (last >= 0) gaps.Add(text[(last + 1)..at]);
            digits.Append(text[at]);
            last = at;
        }
        return (digits.ToString(), gaps);
    }

    private static void CheckSms(string text)
    {
        var size = SmsText.Measure(text);
        Promise.That(size.Units >= 0 && (size.Units == 0) == (size.Fragments == 0), "A text costs nothing only when it is empty.");
        var (single, part) = size.Encoding == SmsEncoding.Gsm7 ? (160, 153) : (70, 67);
        var least = size.Units <= single ? Math.Min(1, size.Units) : (size.Units + part - 1) / part;
        Promise.That(size.Fragments >= least && size.Fragments <= least + least / 60 + 1, "The texts are as many as their letters need.");
        Promise.That((size.UnicodeCharacters.Count == 0) == (size.Encoding == SmsEncoding.Gsm7), "Who pays for Unicode is told why.");
        Promise.That(SmsText.Measure(text + "a").Units >= size.Units, "A longer text is not cheaper.");
    }

    private static void CheckWarnings(string text)
    {
        _ = NamesInText.Find(text, ["Pat Lee"]);
        Promise.That(NhsNumbersInText.Find(text).All(number => number.Value.Length == 10), "What is found is an NHS number.");
        _ = Placeholders.Unknown(text);
        _ = Placeholders.LeftIn(Placeholders.Expand(text, Values));
    }

    private static IEnumerable<byte[]> Samples() => new[]
    {
        "Take 5\u001E10 ml", "5\u009610 mg\u000Btwice", "Café – “now”\r\nplease", "Cafe\u0301 €5", "Dear [patient first name], ring {{practice}} ___ <name>", "Jane Smith's NHS number is 999 000 0018; SMITH, Jane",
        "\u202Eevil\u2066", new string('a', 161), "é😀", "a\u2028b\u0085c\tsoft\u00ADhyphen",
    }.Select(Bytes.Of);
}
