using System.Globalization;
using System.Text;
using ADRaffy.ENSNormalize;

namespace PatientResponse.Infrastructure.Text;

/// <summary>A letter and the accents behind it as one character, where Unicode has one (UAX 15, form NFC): "Cafe" with U+0301
/// is "Café". <see cref="string.Normalize()"/> changes nothing with invariant globalisation.</summary>
public static class ComposedText
{
    /// <summary>All characters before the combining marks are composed already.</summary>
    private const char FirstMark = '\u0300';

    /// <summary>More than on a letter of any script (UAX 15, Stream-Safe Text Format). More stay as they are: putting them into
    /// their order takes time with the square of their number.</summary>
    private const int MostMarks = 30;

    public static string Of(string text)
    {
        if (text.All(c => c < FirstMark))
            return text;
        var composed = new StringBuilder(text.Length);
        var (done, letter, marks, at) = (0, 0, 0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsMark(rune))
            {
                LeaveHeap();
                (letter, marks) = (at, 0);
            }
            else
                marks++;
            at += rune.Utf16SequenceLength;
        }
        LeaveHeap();
        return composed.Append(Nfc(done, text.Length)).ToString();

        void LeaveHeap()
        {
            if (marks <= MostMarks)
                return;
            composed.Append(Nfc(done, letter)).Append(text, letter, at - letter);
            done = at;
        }

        string Nfc(int from, int to) => ENSNormalize.NF.NFC(text[from..to]);
    }

    /// <summary>What the framework does not know yet may be one.</summary>
    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.OtherNotAssigned;
}
