using System.Text.RegularExpressions;

namespace PatientResponse.Features.SendMessage;

/// <summary>Finds what in a message asks the patient for an answer by text. It is to be heard: so it passes over what asks for
/// none, or for one by another way ("reply at reception"), and keeps to one sentence at a time.</summary>
public static partial class AskingWords
{
    /// <summary>The first words or "?" that ask; null when nothing does.</summary>
    /// <param name="own">The practice's own words and phrases.</param>
    public static string? Find(string text, IReadOnlyList<string> own)
    {
        var plain = Address().Replace(text.Replace('’', '\''), " ");
        var sentences = Sentence().Matches(plain).Select(found => found.Value.Trim()).Where(sentence => sentence != "").ToArray();
        for (var i = 0; i < sentences.Length; i++)
        {
            if (InSentence(sentences[i], own) is { } found)
                return found;
            if (IsQuestion(sentences[i]) && !Rhetorical().IsMatch(sentences[i]) && !(i + 1 < sentences.Length && SaysWhereElse().IsMatch(sentences[i + 1])))
                return "?";
        }
        return null;
    }

    private static bool IsQuestion(string sentence) => sentence.IndexOfAny(['?', '？', '؟', '‽', '⁇', '⁈', '⁉']) >= 0 && !AnotherWay().IsMatch(sentence);

    private static string? InSentence(string sentence, IReadOnlyList<string> own)
    {
        if (FirstWanted(Replying(), sentence) is { } reply)
            return reply;
        if (!AnotherWay().IsMatch(sentence) && FirstWanted(Telling(), sentence) is { } telling)
            return telling;
        if (!HasIt().IsMatch(sentence) && FirstWanted(Picture(), sentence) is { } picture)
            return picture;
        return own.FirstOrDefault(word => FirstWanted(new Regex($@"(?<!\w){Regex.Escape(word)}(?!\w)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant), sentence) is not null);
    }

    private static string? FirstWanted(Regex asking, string sentence) =>
        asking.Matches(sentence).FirstOrDefault(found => !Refused().IsMatch(sentence[..found.Index])) is { } wanted ? wanted.Value : null;

    /// <summary>A question mark in an address asks nothing; one at its end belongs to the sentence.</summary>
    [GeneratedRegex(@"(?:https?://|www\.)[^\s<>]*[^\s<>.,;:!?)\]'""]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b[\w-]+(?:\.[\w-]+)+/[^\s<>]*[^\s<>.,;:!?)\]'""]", RegexOptions.IgnoreCase)]
    private static partial Regex Address();

    [GeneratedRegex(@"(?:[^.!?？؟‽⁇⁈⁉\n]|\.(?=\w))+[.!?？؟‽⁇⁈⁉""')\]]*|[!?？؟‽⁇⁈⁉]+")]
    private static partial Regex Sentence();

    /// <summary>"Feeling worse? Call us." says how to answer; "How is it? Call us if it gets worse." does not.</summary>
    [GeneratedRegex(@"^\W*(?:(?:then|if so|if yes|if not)\W+)?(?:please\W+|just\W+)?(?:you can\W+)?(?:call|phone|ring|telephone|dial|contact|speak to|talk to|visit|come|see|ask at|go to|go online|book|read)\b(?!.*\bif\b)", RegexOptions.IgnoreCase)]
    private static partial Regex SaysWhereElse();

    /// <summary>Headings and openings that nobody answers.</summary>
    [GeneratedRegex(@"^\W*(?:did you know|why not|what(?:'s| is| happens) next|what to|when to|how to|how do i|who to)\b|\b(?:should|do|can|will|must|may) i\b", RegexOptions.IgnoreCase)]
    private static partial Regex Rhetorical();

    /// <summary>Elsewhere than in a text message.</summary>
    [GeneratedRegex(@"\b(?:reception|receptionist|in person|by phone|by telephone|by post|by letter|by e-?mail|online|nhs app|the app|(?:call|phone|ring|telephone|phoning|calling|ringing)\s+(?:(?:us|me)(?! if\b)|0\d|111|119|999|[[(\d]|the|your|our|on|(?-i:[A-Z]))|e-?mail us|(?:visit|speak to|talk to|contact)(?! you)\b|when (?:you|we) (?:come|call|visit|phone|ring|see|meet|speak)|at (?:your|the|this|that|each|every) (?:next )?(?:appointment|visit|review|clinic|surgery|desk|pharmacy))", RegexOptions.IgnoreCase)]
    private static partial Regex AnotherWay();

    [GeneratedRegex(@"(?<![-@.])(?<!\b(?:your|in|first|quick) )\b(?:reply|respond|text (?:us )?back|write back|message us|text us|answer (?:this|these|the|our|all|each|every|by text|below|yes|no)\b(?! phone| call| door| telephone))(?!['\w@-])(?!\s+(?:(?:to us|to this|to it)\s+)?(?:at (?:(?:the |our )?(?:reception|desk|surgery)|your(?! earliest| convenience))|by (?:phone|telephone|post|letter|e-?mail|calling|phoning|ringing)|in person|online|(?:via|through|in|on|using|with) (?:the |your )?(?:nhs )?app|on (?:the )?(?:phone|telephone|0\d)|to your (?:letter|e-?mail|question|message|request|complaint)|(?:is|was) not|isn't|not needed))", RegexOptions.IgnoreCase)]
    private static partial Regex Replying();

    [GeneratedRegex(@"\b(?:tell (?:us|me)|get back to (?:us|me)|let (?:us|me) know|send (?:us|me|in|photos?|pictures?|(?:\w+ ){0,3}(?:readings?|results?|numbers|measurements?|details|answers?|photos?|pictures?))|upload|give us|(?<!\b(?:is|was|writing|written|call|called|calling|ring|phone|us|\d) to )confirm (?:that|if|whether|your|by text|you))\b(?! a? ?(?:call|ring)\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Telling();

    [GeneratedRegex(@"\b(?:photos?|photographs?|pictures?|pics?|selfies?|screenshots?)\b(?![ -]*(?:id|ids|identification|identity|cards?|card|booths?|proof|licen[cs]e|driving|driver's))", RegexOptions.IgnoreCase)]
    private static partial Regex Picture();

    /// <summary>The picture is there already, is ours, or is brought along.</summary>
    [GeneratedRegex(@"\b(?:thank(?:s| you)|received|(?:we|i)(?:'ve| have)? (?:got|looked|seen|saw|checked|reviewed)|bring|your (?:photos?|photographs?|pictures?|pics?) (?:is|are|was|were|looks?|shows?|has|have)|we(?:'ll| will| can| may)(?! need)|passport)\b", RegexOptions.IgnoreCase)]
    private static partial Regex HasIt();

    /// <summary>What stands before the asking words and takes them back: "do not", "there is no need to", "we will", "for your".</summary>
    [GeneratedRegex(@"\b(?:do not|don't|dont|did not|didn't|must not|should not|shouldn't|need not|needn't|cannot|can not|can't|cant|could not|couldn't|not able to|unable to|never|without|no need|not need|no longer|not have|will not|won't|instead of|rather than|no|not|(?:we|i|they|he|she|who|it|doctor|nurse|gp|team|pharmacist|hospital|clinic|practice)(?:'ll| will| shall| can| may| might| would|'d)(?: also| then| soon)?|(?:we|i) (?:aim|hope|try|plan))\s+(?:(?:please|need to|have to|try to|be able to|wish to|to|a|an|the|us|me|send|any|in|also|just|directly|your|of|more|take|further)\s+)*$", RegexOptions.IgnoreCase)]
    private static partial Regex Refused();
}
