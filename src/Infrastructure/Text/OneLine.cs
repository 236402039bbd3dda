namespace PatientResponse.Infrastructure.Text;

/// <summary>Text of one line, such as a name: no line ends of any kind, and nothing that turns the text around it.</summary>
public static class OneLine
{
    /// <summary>What is wrong; null when nothing is.</summary>
    /// <param name="what">The field in words, such as "name".</param>
    public static string? Problem(string what, string text) =>
        text.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029') ? $"The {what} must be on one line"
        : text.Any(TurnsText) ? $"The {what} has hidden characters that turn the direction of the text. Type it again instead of pasting it"
        : null;

    /// <summary>The characters that are allowed.</summary>
    public static string Clean(string text) => string.Concat(text.Where(c => Problem("", c.ToString()) is null));

    /// <summary>Embeddings, overrides and isolates (Unicode Standard Annex 9): what stands after them may read as something else.</summary>
    private static bool TurnsText(char c) => c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
