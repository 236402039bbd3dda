namespace PatientResponse.Features.Help;

/// <summary>What belongs together on the page.</summary>
public sealed record HelpTopic(string Title, IReadOnlyList<HelpAnswer> Answers);

/// <param name="AlsoCalled">Words that people look for and the answer does not use.</param>
/// <param name="Paragraphs">Plain text.</param>
public sealed record HelpAnswer(string Question, string AlsoCalled, params string[] Paragraphs)
{
    /// <summary>Whether it has these letters, in capitals or not.</summary>
    public bool Holds(string word) =>
        Has(Question, word) || Has(AlsoCalled, word) || Array.Exists(Paragraphs, text => Has(text, word));

    private static bool Has(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
}
