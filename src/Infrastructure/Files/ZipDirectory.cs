using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace PatientResponse.Infrastructure.Files;

/// <summary>
/// The central directory of a zip file, read under limits. Not ZipArchive: it allocates for every entry before any limit
/// could stop it, and it cuts an entry off at its declared size, so that a lying size would hide the rest.
/// Zip64 is refused: no file of ours is that large.
/// </summary>
public sealed class ZipDirectory
{
    private const int EndBytes = 22;
    private const int EntryBytes = 46;
    private const int LocalBytes = 30;
    // Sizes that were not known when an entry began follow it.
    private const int MaxGap = 24;

    public sealed record Entry(string Name, bool Encrypted, int Method, long CompressedBytes, long DeclaredBytes, long LocalHeader);

    public static ReadOnlySpan<byte> Signature => "PK\u0003\u0004"u8;

    private ZipDirectory(List<Entry> entries) => Entries = entries;

    public IReadOnlyList<Entry> Entries { get; }

    /// <summary>Whether some program would take this file for a zip file, whatever it begins with.</summary>
    public static bool IsOne(Stream file) => FindEnd(file) is not null;

    /// <summary>Null when the file is no zip file, is damaged, has more entries than allowed, or holds anything besides them.</summary>
    public static ZipDirectory? Read(Stream zip, int maxEntries)
    {
        Span<byte> end = stackalloc byte[EndBytes];
        if (FindEnd(zip) is not { } at || !zip.TryReadAt(at, end)) return null;
        var count = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
        long position = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        if (count > maxEntries) return null;

        var entries = new List<Entry>(count);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        Span<byte> fixedPart = stackalloc byte[EntryBytes];
        Span<byte> name = stackalloc byte[512];
        for (var i = 0; i < count; i++)
        {
            if (!zip.TryReadAt(position, fixedPart) || !fixedPart.StartsWith("PK\u0001\u0002"u8)) return null;
            var nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[28..]);
            if (nameBytes > name.Length || !zip.TryRead(name[..nameBytes])) return null;
            var entry = new Entry(
                NameOf(name[..nameBytes]),
                (fixedPart[8] & 1) != 0,
                BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[10..]),
                BinaryPrimitives.ReadUInt32LittleEndian(fixedPart[20..]),
                BinaryPrimitives.ReadUInt32LittleEndian(fixedPart[24..]),
                BinaryPrimitives.ReadUInt32LittleEndian(fixedPart[42..]));
            // Two entries of one name: each reader would take another one.
            if (!names.Add(entry.Name)) return null;
            entries.Add(entry);
            position += EntryBytes + nameBytes
                + BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[30..])
                + BinaryPrimitives.ReadUInt16LittleEndian(fixedPart[32..]);
        }
        var directory = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        return position <= at && at - position <= MaxGap && IsSeamless(zip, entries, directory) ? new(entries) : null;
    }

    /// <summary>Some programs read a zip file from its front, by the names that stand there. They have to find the same.</summary>
    private static bool IsSeamless(Stream zip, List<Entry> entries, long directory)
    {
        Span<byte> local = stackalloc byte[LocalBytes];
        Span<byte> name = stackalloc byte[512];
        long position = 0;
        foreach (var entry in entries.OrderBy(entry => entry.LocalHeader))
        {
            var gap = entry.LocalHeader - position;
            if (gap < 0 || gap > (position == 0 ? 0 : MaxGap)) return false;
            if (!zip.TryReadAt(entry.LocalHeader, local) || !local.StartsWith(Signature)) return false;
            var nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(local[26..]);
            if (nameBytes > name.Length || !zip.TryRead(name[..nameBytes]) || NameOf(name[..nameBytes]) != entry.Name) return false;
            position = entry.LocalHeader + LocalBytes + nameBytes + BinaryPrimitives.ReadUInt16LittleEndian(local[28..]) + entry.CompressedBytes;
        }
        return directory >= position && directory - position <= MaxGap;
    }

    private static string NameOf(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name).Replace('\\', '/');

    /// <summary>What the entry expands to, without any limit of its own; null when it cannot be read.</summary>
    public static Stream? Expand(Stream zip, Entry entry)
    {
        Span<byte> local = stackalloc byte[LocalBytes];
        if (!zip.TryReadAt(entry.LocalHeader, local) || !local.StartsWith(Signature)) return null;
        var start = entry.LocalHeader + LocalBytes
            + BinaryPrimitives.ReadUInt16LittleEndian(local[26..])
            + BinaryPrimitives.ReadUInt16LittleEndian(local[28..]);
        if (start + entry.CompressedBytes > zip.Length) return null;
        var packed = new StreamPart(zip, start, entry.CompressedBytes);
        return entry.Method switch
        {
            0 => packed,
            8 => new DeflateStream(packed, CompressionMode.Decompress),
            _ => null,
        };
    }

    // The end record is followed by a comment that reaches exactly to the end of the file.
    private static long? FindEnd(Stream zip)
    {
        var tail = new byte[(int)Math.Min(zip.Length, EndBytes + ushort.MaxValue)];
        var start = zip.Length - tail.Length;
        if (!zip.TryReadAt(start, tail)) return null;
        for (var at = tail.Length - EndBytes; at >= 0; at--)
        {
            var record = tail.AsSpan(at);
            if (record.StartsWith("PK\u0005\u0006"u8)
                && BinaryPrimitives.ReadUInt16LittleEndian(record[20..]) == record.Length - EndBytes) return start + at;
        }
        return null;
    }
}
