using PatientResponse.Infrastructure.Sms;

namespace PatientResponse.Features.Composing;

/// <summary>The size of a text message, what makes it dearer, and how to make it cheaper.</summary>
/// <param name="Because">What the ordinary alphabet lacks, in words; see <see cref="OddCharacters"/>.</param>
/// <param name="Ordinary">The clinician's words with ordinary characters, where that makes the message cheaper; otherwise null.</param>
/// <param name="OrdinarySize">What the message would be then.</param>
public sealed record SmsHints(SmsSize Size, IReadOnlyList<OddCharacter> Because, string? Ordinary = null, SmsSize? OrdinarySize = null)
{
    /// <summary>Said where it was done.</summary>
    public const string Replaced = "Your message has ordinary characters now.";

    /// <param name="words">The clinician's, perhaps with placeholders.</param>
    /// <param name="sms">Makes the whole message of them.</param>
    public static SmsHints Of(string words, Func<string, string> sms)
    {
        var message = sms(words);
        var size = SmsText.Measure(message);
        if (size.Encoding == SmsEncoding.Gsm7)
            return new(size, []);
        var because = OddCharacters.In(message, sms("x"));
        var (unseen, all) = (OrdinaryCharacters.In(words, typographic: false), OrdinaryCharacters.In(words, typographic: true));
        var (unseenSize, allSize) = (SmsText.Measure(sms(unseen)), SmsText.Measure(sms(all)));
        // What can be seen is left alone, unless it costs something.
        var (ordinary, ordinarySize) = IsCheaper(allSize, unseenSize) ? (all, allSize) : (unseen, unseenSize);
        return IsCheaper(ordinarySize, size) ? new(size, because, ordinary, ordinarySize) : new(size, because);
    }

    /// <summary>Fewer texts; or as many, with room for more characters.</summary>
    private static bool IsCheaper(SmsSize one, SmsSize other) =>
        one.Fragments < other.Fragments || (one.Fragments == other.Fragments && one.Encoding < other.Encoding);
}
