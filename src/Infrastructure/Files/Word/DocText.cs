using System.Buffers.Binary;
using System.Text;
using PatientResponse.Infrastructure.Files.Checks;

namespace PatientResponse.Infrastructure.Files.Word;

/// <summary>
/// The text of a Word 97–2003 document as Word puts it together from its pieces (MS-DOC 2.4.1), and the files that it goes with.
/// What is damaged holds nothing here; <see cref="DocFields"/> has looked at every byte.
/// </summary>
internal sealed class DocText(ReadOnlyMemory<byte> stream, OleFile ole, CheckWork work)
{
    private const int WithPieces = 0xC1;
    private const int UsesFirstTable = 0x0200;
    private const int AssociatedFiles = 0x9A + 32 * 8, Pieces = 0x9A + 33 * 8;
    private const int Template = 1, MergedData = 8, MergedHeader = 9;

    public bool IsActive()
    {
        var document = stream.Span;
        if (document.Length < Pieces + 8 || Short(document, 2) < WithPieces) return false;
        var table = ole.ReadAtRoot((Short(document, 10) & UsesFirstTable) != 0 ? "1Table" : "0Table") is { } known ? known.Span : [];
        return ReadFields(Part(table, Pieces)) || ReadsOtherFiles(Part(table, AssociatedFiles));
    }

    /// <summary>The stretch of the table stream that the two numbers at this place tell.</summary>
    private ReadOnlySpan<byte> Part(ReadOnlySpan<byte> table, int place)
    {
        long start = Long(stream.Span, place), length = Long(stream.Span, place + 4);
        return start + length <= table.Length ? table.Slice((int)start, (int)length) : [];
    }

    private bool ReadFields(ReadOnlySpan<byte> pieces)
    {
        // Changes of format come first.
        while (pieces.Length > 3 && pieces[0] == 1) pieces = pieces[Math.Min(pieces.Length, 3 + Short(pieces, 1))..];
        if (pieces.Length < 5 || pieces[0] != 2 || Long(pieces, 1) > pieces.Length - 5) return false;
        pieces = pieces.Slice(5, (int)Long(pieces, 1));
        var count = (pieces.Length - 4) / 12;
        var fields = new FieldStack();
        var document = stream.Span;
        for (var i = 0; i < count && !fields.IsActive; i++)
        {
            var letters = Long(pieces, (i + 1) * 4) - Long(pieces, i * 4);
            var place = Long(pieces, (count + 1) * 4 + i * 8 + 2);
            var isNarrow = (place & 0x40000000) != 0;
            var start = isNarrow ? (place & 0x3FFFFFFF) / 2 : place & 0x3FFFFFFF;
            var length = isNarrow ? letters : letters * 2;
            if (length <= 0 || start + length > document.Length) continue;
            work.Spend(4 + length / 2);
            Read(document.Slice((int)start, (int)length), isNarrow ? 1 : 2, fields);
        }
        fields.Finish();
        return fields.IsActive;
    }

    private static void Read(ReadOnlySpan<byte> text, int width, FieldStack fields)
    {
        for (var i = 0; i < text.Length; i += width)
        {
            var letter = width == 2 && text[i + 1] != 0 ? (byte)0x80 : text[i];
            if (letter == 0x13) fields.Begin();
            else if (letter == 0x14) fields.Separate();
            else if (letter == 0x15) fields.End();
            else if (fields.IsOpen) fields.Feed(letter);
        }
    }

    /// <summary>A template from a network, or data to be merged.</summary>
    private static bool ReadsOtherFiles(ReadOnlySpan<byte> names)
    {
        if (names.Length < 6 || Short(names, 0) != 0xFFFF) return false;
        var (count, extra) = (Short(names, 2), Short(names, 4));
        names = names[6..];
        for (var i = 0; i < count && names.Length >= 2; i++)
        {
            var length = 2 + Short(names, 0) * 2;
            if (length > names.Length) return false;
            var name = Encoding.Unicode.GetString(names[2..length]).Trim();
            if (i == Template && (name.Contains("://", StringComparison.Ordinal) || name.StartsWith(@"\\", StringComparison.Ordinal))) return true;
            if (i is MergedData or MergedHeader && name.Length > 0) return true;
            names = names[Math.Min(names.Length, length + extra)..];
        }
        return false;
    }

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static long Long(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
