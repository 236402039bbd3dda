using System.Buffers.Binary;
using System.Text;
using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Infrastructure.Files.Formats;

/// <summary>
/// A colour profile (ICC.1:2022) without its texts: who made it, for which device, when. Without the profile itself, the
/// photos of many phones would change their colours.
/// </summary>
internal static class IccProfile
{
    /// <summary>A phone's has a few hundred bytes, a printer's a few million.</summary>
    public const int MaxBytes = FileRules.MaxBytes;

    private const int HeaderBytes = 128;
    private const int TagsStart = HeaderBytes + 4;
    private const int TagBytes = 12;
    // A printer's profile has thirty.
    private const int MaxTags = 200;

    private static readonly HashSet<string> Colours =
    [
        "wtpt", "bkpt", "chad", "cicp", "rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC", "kTRC", "lumi", "gamt",
        "A2B0", "A2B1", "A2B2", "B2A0", "B2A1", "B2A2", "D2B0", "D2B1", "D2B2", "D2B3", "B2D0", "B2D1", "B2D2", "B2D3",
    ];

    private static readonly HashSet<string> Numbers = ["XYZ ", "curv", "para", "sf32", "cicp", "mft1", "mft2", "mAB ", "mBA ", "mpet"];

    // Its texts, by its version: those that a profile must have say nothing.
    private static readonly byte[] OldDescription = [.. "desc\0\0\0\0\0\0\0\u0008Colours\0"u8, .. new byte[80]];
    private static readonly byte[] OldCopyright = [.. "text\0\0\0\0None\0\0\0\0"u8];
    private static readonly byte[] NewText =
        [.. "mluc\0\0\0\0\0\0\0\u0001\0\0\0\u000cenUS\0\0\0\u000e\0\0\0\u001c"u8, .. Encoding.BigEndianUnicode.GetBytes("Colours"), 0, 0];

    // The first of January 2000, in numbers of two bytes.
    private static ReadOnlySpan<byte> NoDate => [0x07, 0xD0, 0, 1, 0, 1];

    /// <summary>What colours are made with, each where it was, and zeros; null for what browsers take for no profile.</summary>
    public static byte[]? ColoursOf(ReadOnlySpan<byte> profile)
    {
        if (profile.Length < TagsStart || !profile[36..].StartsWith("acsp"u8) || profile[8] > 4) return null;
        var (size, count) = (Number(profile), Number(profile[HeaderBytes..]));
        if (size > profile.Length || count > MaxTags || TagsStart + count * TagBytes > size) return null;
        var tags = new List<Tag>();
        for (var at = TagsStart; at < TagsStart + count * TagBytes; at += TagBytes)
        {
            var tag = new Tag(Encoding.Latin1.GetString(profile.Slice(at, 4)), Number(profile[(at + 4)..]), Number(profile[(at + 8)..]));
            if (tag.Bytes < 4 || tag.End > size) return null;
            var isColour = Colours.Contains(tag.Name) && Numbers.Contains(Encoding.Latin1.GetString(profile.Slice((int)tag.Start, 4)));
            if (isColour || tag.IsText) tags.Add(tag);
        }
        return Written(profile, tags);
    }

    private static byte[] Written(ReadOnlySpan<byte> profile, List<Tag> tags)
    {
        var (description, copyright) = profile[8] == 4 ? (NewText, NewText) : (OldDescription, OldCopyright);
        var end = tags.Where(tag => !tag.IsText).Select(tag => tag.End).Append(TagsStart + tags.Count * TagBytes).Max();
        var descriptionStart = (end + 3) / 4 * 4;
        var copyrightStart = descriptionStart + description.Length;
        var colours = new byte[copyrightStart + copyright.Length];
        foreach (var tag in tags.Where(tag => !tag.IsText)) profile[(int)tag.Start..(int)tag.End].CopyTo(colours.AsSpan((int)tag.Start));
        description.CopyTo(colours, descriptionStart);
        copyright.CopyTo(colours, copyrightStart);
        WriteHead(profile, colours, [.. tags.Select(tag => tag.Name switch
        {
            "desc" => new(tag.Name, descriptionStart, description.Length),
            "cprt" => new(tag.Name, copyrightStart, copyright.Length),
            _ => tag,
        })]);
        return colours;
    }

    private readonly record struct Tag(string Name, long Start, long Bytes)
    {
        public long End => Start + Bytes;

        public bool IsText => Name is "desc" or "cprt";
    }

    /// <summary>Version, class, colour spaces, intent and light; not the maker, the model and the checksum; a date of no meaning.</summary>
    private static void WriteHead(ReadOnlySpan<byte> profile, Span<byte> colours, List<Tag> tags)
    {
        colours[..HeaderBytes].Clear();
        BinaryPrimitives.WriteInt32BigEndian(colours, colours.Length);
        profile[8..24].CopyTo(colours[8..]);
        NoDate.CopyTo(colours[24..]);
        "acsp"u8.CopyTo(colours[36..]);
        profile[64..80].CopyTo(colours[64..]);
        BinaryPrimitives.WriteInt32BigEndian(colours[HeaderBytes..], tags.Count);
        for (var tag = 0; tag < tags.Count; tag++)
        {
            var entry = colours[(TagsStart + tag * TagBytes)..];
            Encoding.Latin1.GetBytes(tags[tag].Name, entry);
            BinaryPrimitives.WriteUInt32BigEndian(entry[4..], (uint)tags[tag].Start);
            BinaryPrimitives.WriteUInt32BigEndian(entry[8..], (uint)tags[tag].Bytes);
        }
    }

    private static uint Number(ReadOnlySpan<byte> at) => BinaryPrimitives.ReadUInt32BigEndian(at);
}
