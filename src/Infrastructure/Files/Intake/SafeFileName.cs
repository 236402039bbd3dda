using System.Globalization;
using System.Text;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Infrastructure.Files.Intake;

/// <summary>What the patient called a file, safe to show and to offer as a download's name on any system. Never a path.</summary>
public static class SafeFileName
{
    /// <summary>In UTF-8: what file systems take.</summary>
    public const int MaxBytes = 255;

    private const string Reserved = "<>:\"|?*";
    private static readonly HashSet<string> Devices = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
        "COM0", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "COM¹", "COM²", "COM³",
        "LPT0", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9", "LPT¹", "LPT²", "LPT³",
    };

    /// <summary>Letters of every script stay. Never empty: ".jpg" becomes "file.jpg", nothing becomes "file".</summary>
    public static string Of(string? clientName)
    {
        var name = Once(clientName);
        // Of a name that was cut another dot may be the one before its extension.
        while (Once(name) is var again && again != name) name = again;
        return name;
    }

    private static string Once(string? clientName)
    {
        var name = PlainText.Line(clientName);
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        // What was taken out may have stood between a letter and its accent.
        name = WithoutEnd(InOneForm(Visible(name)).Trim());
        var extension = Path.GetExtension(name);
        var stem = name[..^extension.Length].Trim();
        if (stem.Length == 0) stem = "file";
        return Fit(stem, "", extension);
    }

    /// <summary>
    /// The same names in the same order, each once whatever the case and however its accents are written: "photo.jpg",
    /// "photo (2).jpg". At most so many UTF-16 units long, with the extension and without half a character.
    /// </summary>
    public static IReadOnlyList<string> UniqueWithin(IEnumerable<string> names, int maxLength = MaxBytes)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var unique = new List<string>();
        foreach (var name in names)
        {
            var composed = InOneForm(name);
            var extension = Path.GetExtension(composed);
            var stem = composed[..^extension.Length];
            var candidate = Fit(stem, "", extension, maxLength);
            for (var number = 2; !taken.Add(candidate); number++)
                candidate = Fit(stem, $" ({number.ToString(CultureInfo.InvariantCulture)})", extension, maxLength);
            unique.Add(candidate);
        }
        return unique;
    }

    /// <summary>Some systems write an accent apart and some do not; to both it is one name.</summary>
    private static string InOneForm(string name) => ComposedText.Of(name);

    private static string Visible(string name)
    {
        var visible = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune.IsBmp && Reserved.Contains((char)rune.Value)) visible.Append('_');
            else if (!IsInvisible(rune)) visible.Append(rune);
        }
        return visible.ToString();
    }

    // Bidirectional overrides can make "gpj.exe" read as "exe.jpg". Joiners stay: Persian and Indic words need them.
    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        UnicodeCategory.Format => rune.Value is not (0x200C or 0x200D),
        UnicodeCategory.OtherNotAssigned => (rune.Value & 0xFFFE) == 0xFFFE,
        _ => false,
    };

    private static string Fit(string stem, string suffix, string extension, int maxLength = MaxBytes)
    {
        var end = suffix + extension;
        // An "extension" as long as that is no extension.
        if (end.Length > maxLength / 2 || Encoding.UTF8.GetByteCount(end) > MaxBytes / 2) (stem, end) = (stem + extension, suffix);
        var fitted = Cut(stem, end, maxLength);
        return IsDevice(fitted) ? Cut("_" + stem, end, maxLength) : fitted;
    }

    /// <summary>Windows drops dots and spaces at the end of a name, spaces of any width among them.</summary>
    private static string WithoutEnd(string name)
    {
        var end = name.Length;
        while (end > 0 && (name[end - 1] == '.' || char.IsWhiteSpace(name[end - 1]))) end--;
        return name[..end];
    }

    // Windows looks only at what stands before the first dot.
    private static bool IsDevice(string name) => Devices.Contains(name.Split('.')[0].TrimEnd());

    /// <summary>As much of a text as leaves room for its end.</summary>
    private static string Cut(string text, string end, int maxLength)
    {
        var (length, used) = (0, Encoding.UTF8.GetByteCount(end));
        foreach (var rune in text.EnumerateRunes())
        {
            if ((used += rune.Utf8SequenceLength) > MaxBytes || length + rune.Utf16SequenceLength > maxLength - end.Length) break;
            length += rune.Utf16SequenceLength;
        }
        return (length < text.Length ? WithoutEnd(text[..length]) : text) + end;
    }
}
