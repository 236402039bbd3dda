namespace PatientResponse.Features.Help;

/// <param name="Asked">As typed; empty for all.</param>
/// <param name="Topics">In the order of the page; none where nothing was found.</param>
public sealed record HelpFound(string Asked, IReadOnlyList<HelpTopic> Topics)
{
    public int Count => Topics.Sum(topic => topic.Answers.Count);
}

/// <summary>Which answers hold all the words that somebody types.</summary>
public static class HelpSearch
{
    public const int MostLetters = 100;

    private static readonly char[] Between = [' ', '?', '!', ',', '.', ';', ':', '"', '\t', '\r', '\n'];

    /// <summary>Words that questions begin with and answers need not repeat.</summary>
    private static readonly HashSet<string> Passed =
        new(StringComparer.OrdinalIgnoreCase) { "a", "an", "and", "are", "can", "do", "does", "how", "i", "if", "in", "is", "it", "my", "of", "the", "to", "what", "when", "where", "who", "why" };

    public static HelpFound Find(string? typed)
    {
        var asked = typed is null ? "" : typed[..Math.Min(typed.Length, MostLetters)].Trim();
        var words = asked.Split(Between, StringSplitOptions.RemoveEmptyEntries).Where(word => !Passed.Contains(word)).ToList();
        return new(asked, [.. HelpTopics.All
            .Select(topic => topic with { Answers = [.. topic.Answers.Where(answer => words.TrueForAll(answer.Holds))] })
            .Where(topic => topic.Answers.Count > 0)]);
    }
}
