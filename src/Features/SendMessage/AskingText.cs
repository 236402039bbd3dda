using System.Text.RegularExpressions;

namespace PatientResponse.Features.SendMessage;

/// <summary>Whether a message asks its reader for an answer. A guess: it decides only whether the clinician is asked.</summary>
public static partial class AskingText
{
    /// <summary>The first sign of it, as it stands in the text; null where there is none.</summary>
    /// <param name="ownWords">The practice's, separated by commas.</param>
    public static string? Find(string text, string ownWords)
    {
        var said = NoQuestion().Replace(Address().Replace(text, " "), " ");
        var own = ownWords.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(word => Spaced().Replace(Regex.Escape(word), @"\s+"));
        return new[] { Asks().Match(said) }.Concat(own.Select(word => Regex.Match(said, $@"(?<!\w){word}(?!\w)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)))
            .Where(match => match.Success).OrderBy(match => match.Index).FirstOrDefault()?.Value;
    }

    [GeneratedRegex(@"\?|(?<!\w)(?:repl(?:y|ies)|respond|(?:send|text|write|tell|email|show)\s+(?:it\s+|them\s+|this\s+)?(?:back\s+)?(?:to\s+)?(?:us|me)|let\s+(?:us|me)\s+know|answer|photo(?:graph)?s?|pictures?|upload)(?!\w)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Asks();

    /// <summary>A question mark in an address asks nobody.</summary>
    [GeneratedRegex(@"(?:https?://|www\.)\S+|\S+@\S+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    /// <summary>"Do not reply", "you cannot respond to this", "no-reply", a reply that goes another way, and an identity card.</summary>
    [GeneratedRegex(@"(?<!\w)(?:(?:not|cannot|can[’']?t|don[’']?t|never|unable\s+to|no\s+need\s+to|needn[’']?t)(?:\s+(?:be\s+able\s+to|need\s+to|to))?\s+(?:reply|respond|answer|send|text|write|email)[^.!?\n]*|no[\s-]+repl(?:y|ies)|(?:reply|respond|answer)\s+(?:at|in\s+person|by\s+(?:phone|letter|post|email))(?!\w)|photo(?:graphic)?\s+(?:id|identification|card)s?(?!\w))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NoQuestion();

    [GeneratedRegex(@"(?:\\ )+")]
    private static partial Regex Spaced();
}
