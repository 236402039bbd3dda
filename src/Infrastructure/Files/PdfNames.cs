using System.Text;

namespace PatientResponse.Infrastructure.Files;

/// <summary>
/// Reads a PDF's bytes for the names that matter, also where letters are written as #xx. Inside the data of a stream only
/// the long ones count: three bytes such as "/JS" turn up there by chance.
/// </summary>
internal sealed class PdfNames
{
    private const int MaxObjectStreams = 10_000;
    private const int LongestName = 15;
    private static readonly HashSet<string> Telling = ["JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "OpenAction", "RichMedia", "SubmitForm", "ImportData", "GoToR", "GoToE"];
    private static readonly HashSet<string> TellingOutsideStreams = ["JS", "AA", "XFA"];
    private static readonly HashSet<string> Filters =
    [
        "ASCIIHexDecode", "AHx", "ASCII85Decode", "A85", "LZWDecode", "LZW", "RunLengthDecode", "RL", "Crypt", "DecodeParms", "DP",
    ];

    private readonly List<long> objectStreams = [];
    private readonly StringBuilder name = new(LongestName + 1);
    private readonly StringBuilder word = new(LongestName + 1);
    private long position;
    private bool inName;
    private int escapeDigits;
    private int escaped;
    private byte previous;
    private byte beforeWord;
    private bool inStream;
    private int endMatched;
    private bool objectStream;
    private bool hasCount;
    private bool hasFirst;
    private bool flate;
    private bool otherFilter;

    public bool Active { get; private set; }

    public bool Encrypted { get; private set; }

    /// <summary>There are object streams that we do not look into.</summary>
    public bool HiddenObjects { get; private set; }

    /// <summary>Where the data of compressed object streams begins.</summary>
    public IReadOnlyList<long> ObjectStreams => objectStreams;

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (inStream && !inName && endMatched == 0)
            {
                // Most of a file is compressed data: skip to the next byte that can begin something.
                var next = bytes[i..].IndexOfAny((byte)'/', (byte)'e');
                if (next < 0)
                {
                    position += bytes.Length - i;
                    return;
                }
                (i, position) = (i + next, position + next);
            }
            Take(bytes[i]);
            position++;
        }
    }

    public void End()
    {
        if (inName) EndName();
    }

    private void Take(byte value)
    {
        if (inName && !TakeInName(value)) EndName();
        if (value == '/')
        {
            EndWord(value);
            inName = true;
            name.Clear();
            escapeDigits = 0;
        }
        if (inStream) TakeInStream(value);
        else if (!inName) TakeInWord(value);
        if (!IsSpace(value)) previous = value;
    }

    /// <summary>False when the name has ended before this byte.</summary>
    private bool TakeInName(byte value)
    {
        if (escapeDigits > 0)
        {
            if (!char.IsAsciiHexDigit((char)value)) escapeDigits = 0;
            else
            {
                escaped = escaped * 16 + Uri.FromHex((char)value);
                if (--escapeDigits == 0) Append(name, (char)escaped);
                return true;
            }
        }
        if (value == '#')
        {
            (escapeDigits, escaped) = (2, 0);
            return true;
        }
        if (IsSpace(value) || IsDelimiter(value)) return false;
        Append(name, (char)value);
        return true;
    }

    private void EndName()
    {
        inName = false;
        var text = name.ToString();
        Active |= Telling.Contains(text);
        if (inStream) return;
        Active |= TellingOutsideStreams.Contains(text);
        Encrypted |= text == "Encrypt";
        objectStream |= text == "ObjStm";
        hasCount |= text == "N";
        hasFirst |= text == "First";
        flate |= text is "FlateDecode" or "Fl";
        otherFilter |= Filters.Contains(text);
    }

    private void TakeInWord(byte value)
    {
        if (IsSpace(value) || IsDelimiter(value)) EndWord(value);
        else
        {
            if (word.Length == 0) beforeWord = previous;
            Append(word, (char)value);
        }
    }

    private void EndWord(byte next)
    {
        if (word.Length == 0 || inStream) return;
        var text = word.ToString();
        word.Clear();
        if (text.EndsWith("obj", StringComparison.Ordinal)) EndObject();
        // Only after a dictionary: the word also stands in titles and comments.
        else if (text == "stream" && beforeWord == '>' && next is (byte)'\r' or (byte)'\n') BeginStream();
    }

    // Its type may be left out or be written elsewhere; how many objects it holds, and where the first is, may not.
    private bool IsObjectStream => objectStream || (hasCount && hasFirst);

    private void BeginStream()
    {
        (inStream, endMatched) = (true, 0);
        if (!IsObjectStream) return;
        if (flate && !otherFilter && objectStreams.Count < MaxObjectStreams) objectStreams.Add(position + 1);
        else HiddenObjects = true;
        (objectStream, hasCount, hasFirst) = (false, false, false);
    }

    private void EndObject()
    {
        // Its data began in some way that we do not know.
        HiddenObjects |= IsObjectStream;
        (objectStream, hasCount, hasFirst, flate, otherFilter) = (false, false, false, false, false);
    }

    private void TakeInStream(byte value)
    {
        var end = "endstream"u8;
        // "endstre" ends as "endstream" begins.
        if (value != end[endMatched] && endMatched == 7) endMatched = 1;
        endMatched = value == end[endMatched] ? endMatched + 1 : value == 'e' ? 1 : 0;
        if (endMatched < end.Length) return;
        (inStream, inName, endMatched) = (false, false, 0);
    }

    private static void Append(StringBuilder text, char value)
    {
        if (text.Length <= LongestName) text.Append(value);
    }

    private static bool IsSpace(byte value) => value is 0 or 9 or 10 or 12 or 13 or 32;

    private static bool IsDelimiter(byte value) => "()<>[]{}/%"u8.Contains(value);
}
