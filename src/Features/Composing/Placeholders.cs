using System.Text.RegularExpressions;

namespace PatientResponse.Features.Composing;

/// <summary>What placeholders stand for in one message.</summary>
public sealed record PlaceholderValues(string PatientFirstName, string PatientName, string MyName, string PracticeName, string PracticePhone);

/// <summary>The words in brackets that a template may hold, and anything else that waits to be filled in.</summary>
public static partial class Placeholders
{
    /// <summary>A gap that the clinician fills in by hand.</summary>
    public const string Blank = "___";

    public static readonly IReadOnlyList<string> Known =
        ["[patient first name]", "[patient name]", "[my name]", "[practice name]", "[practice phone]"];

    /// <summary>The text with its placeholders filled in. One for which there is no value stays, to be seen.</summary>
    public static string Expand(string text, PlaceholderValues values) =>
        Bracketed().Replace(text, found => Value(found.Value, values) is { Length: > 0 } value ? value : found.Value);

    /// <summary>What is still to be filled in, or looks so: [words], {{anything}}, {words}, ___ and &lt;words&gt;; each once, in order.</summary>
    public static IReadOnlyList<string> LeftIn(string text) =>
        [.. LooksLikeOne().Matches(text).Select(found => found.Value).Where(found => found[0] != '[' || found.Any(char.IsLetter)).Distinct()];

    /// <summary>What looks like a placeholder and is none that we know, nor a blank.</summary>
    public static IReadOnlyList<string> Unknown(string text) =>
        [.. LeftIn(text).Where(found => found[0] != '_' && !Known.Contains(Plain(found)))];

    private static string Value(string placeholder, PlaceholderValues values) => Plain(placeholder) switch
    {
        "[patient first name]" => values.PatientFirstName,
        "[patient name]" => values.PatientName,
        "[my name]" => values.MyName,
        "[practice name]" => values.PracticeName,
        "[practice phone]" => values.PracticePhone,
        _ => "",
    };

    /// <summary>However it was typed: "[ My  Name ]" is "[my name]".</summary>
    private static string Plain(string placeholder) =>
        $"[{string.Join(' ', placeholder.Trim('[', ']').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant()}]";

    [GeneratedRegex(@"\[[^\[\]\n]{1,60}\]")]
    private static partial Regex Bracketed();

    [GeneratedRegex(@"\[[^\[\]\n]{1,60}\]|\{\{[^{}\n]{0,60}\}\}|\{\p{L}[\p{L} _'’-]{0,60}\}|_{3,}|<\p{L}[\p{L} '’-]{0,60}>")]
    private static partial Regex LooksLikeOne();
}
