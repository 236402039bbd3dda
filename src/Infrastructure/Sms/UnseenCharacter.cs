using System.Globalization;
using System.Text;

namespace PatientResponse.Infrastructure.Sms;

/// <summary>Characters that show nothing, or that cannot be told from an ordinary one, by the names that people find them under.</summary>
public static class UnseenCharacter
{
    /// <summary>With its article, such as "a non-breaking space"; null for what can be seen and for what is ordinary.</summary>
    public static string? Name(Rune character) => character.Value switch
    {
        _ when character.IsBmp && SmsText.IsOrdinary((char)character.Value) => null,
        '\t' => "a tab",
        0x00A0 => "a non-breaking space",
        0x202F => "a narrow non-breaking space",
        0x2002 => "an en space",
        0x2003 => "an em space",
        0x2009 => "a thin space",
        0x200A => "a hair space",
        0x3000 => "a wide space",
        0x200B => "a zero-width space",
        0x200C => "a zero-width non-joiner",
        0x200D => "a zero-width joiner",
        0x2060 => "a word joiner",
        0xFEFF => "a byte order mark",
        0x00AD => "a soft hyphen",
        0x2011 => "a non-breaking hyphen",
        0x2010 => "a hyphen of another kind",
        0x200E or 0x200F or 0x061C or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) => "a mark of the writing direction",
        >= 0xFE00 and <= 0xFE0F => "a mark of how a sign looks",
        0x2800 or 0x3164 or 0xFFA0 or 0x115F or 0x1160 => "a blank character",
        _ => Rune.GetUnicodeCategory(character) switch
        {
            UnicodeCategory.SpaceSeparator => "a space of another kind",
            UnicodeCategory.Control or UnicodeCategory.Format => $"an invisible character (U+{character.Value:X4})",
            UnicodeCategory.PrivateUse => $"a sign of one font alone (U+{character.Value:X4})",
            _ => null,
        },
    };
}
