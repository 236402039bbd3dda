using System.Buffers.Binary;
using System.Text;

namespace PatientResponse.Infrastructure.Files.Checks;

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
    private const int MaxNameBytes = 512;
    // Sizes that were not known when an entry began follow it.
    private const int MaxGap = 24;

    public sealed record Entry(string Name, bool Encrypted, int Method, long CompressedBytes, long DeclaredBytes, long LocalHeader);

    public static ReadOnlySpan<byte> Signature => "PK\u0003\u0004"u8;

    private static ReadOnlySpan<byte> EndSignature => "PK\u0005\u0006"u8;

    private static ReadOnlySpan<byte> EntrySignature => "PK\u0001\u0002"u8;

    private ZipDirectory(List<Entry> entries) => Entries = entries;

    public IReadOnlyList<Entry> Entries { get; }

    /// <summary>Whether some program would take this file for a zip file, whatever it begins with and whatever follows.</summary>
    public static bool IsOne(ReadOnlySpan<byte> file) => EndsIn(file).Count > 0;

    /// <summary>
    /// The end records that some program would go by: whose comment reaches to the end of the file, or with an entry of a
    /// directory before them.
    /// </summary>
    public static IReadOnlyList<int> EndsIn(ReadOnlySpan<byte> file)
    {
        var ends = new List<int>();
        var entry = file.IndexOf(EntrySignature);
        for (var end = file.Length; FindEnd(file, end) is { } at; end = at + EndSignature.Length - 1)
            if ((entry >= 0 && entry < at) || BinaryPrimitives.ReadUInt16LittleEndian(file[(at + 20)..]) == file.Length - at - EndBytes) ends.Add(at);
        return ends;
    }

    /// <summary>The names in the directory that lies right before an end record; null where they are not all there.</summary>
    public static IReadOnlyList<string>? NamesBefore(ReadOnlySpan<byte> file, int end, int maxEntries)
    {
        var count = BinaryPrimitives.ReadUInt16LittleEndian(file[(end + 10)..]);
        long position = end - (long)BinaryPrimitives.ReadUInt32LittleEndian(file[(end + 12)..]);
        if (count > maxEntries || position < 0) return null;
        var names = new List<string>(count);
        while (names.Count < count)
        {
            if (ReadEntry(file[..end], position, out position) is not { } entry) return null;
            names.Add(entry.Name);
        }
        return position == end ? names : null;
    }

    /// <summary>Null when the file is no zip file, is damaged, has more entries than allowed, or holds anything besides them
    /// but a few bytes behind.</summary>
    public static ZipDirectory? Read(ReadOnlySpan<byte> zip, int maxEntries)
    {
        // Every program takes the last one, or none.
        if (FindEnd(zip, zip.Length) is not { } at) return null;
        var count = BinaryPrimitives.ReadUInt16LittleEndian(zip[(at + 10)..]);
        var directory = BinaryPrimitives.ReadUInt32LittleEndian(zip[(at + 16)..]);
        if (count > maxEntries || BinaryPrimitives.ReadUInt16LittleEndian(zip[(at + 20)..]) > zip.Length - at - EndBytes) return null;

        var entries = new List<Entry>(count);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        long position = directory;
        for (var i = 0; i < count; i++)
        {
            if (ReadEntry(zip, position, out var next) is not { } entry) return null;
            // Two entries of one name: each reader would take another one.
            if (!names.Add(entry.Name)) return null;
            entries.Add(entry);
            position = next;
        }
        return position <= at && at - position <= MaxGap && IsSeamless(zip, entries, directory) ? new(entries) : null;
    }

    /// <summary>The entry's bytes as they are packed; null when they are not there, or in a way that no document is.</summary>
    public static ReadOnlyMemory<byte>? Packed(ReadOnlyMemory<byte> zip, Entry entry)
    {
        if (entry.LocalHeader > zip.Length - LocalBytes || entry.Method is not (0 or 8)) return null;
        var local = zip.Span[(int)entry.LocalHeader..];
        var start = entry.LocalHeader + LocalBytes
            + BinaryPrimitives.ReadUInt16LittleEndian(local[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(local[28..]);
        return start + entry.CompressedBytes > zip.Length ? null : zip.Slice((int)start, (int)entry.CompressedBytes);
    }

    private static Entry? ReadEntry(ReadOnlySpan<byte> zip, long position, out long next)
    {
        next = position;
        if (position > zip.Length - EntryBytes) return null;
        var entry = zip[(int)position..];
        if (!entry.StartsWith(EntrySignature)) return null;
        int Short(ReadOnlySpan<byte> from, int at) => BinaryPrimitives.ReadUInt16LittleEndian(from[at..]);
        long Long(ReadOnlySpan<byte> from, int at) => BinaryPrimitives.ReadUInt32LittleEndian(from[at..]);
        var nameBytes = Short(entry, 28);
        if (nameBytes > MaxNameBytes || nameBytes > entry.Length - EntryBytes) return null;
        next = position + EntryBytes + nameBytes + Short(entry, 30) + Short(entry, 32);
        return new(NameOf(entry.Slice(EntryBytes, nameBytes)), (entry[8] & 1) != 0, Short(entry, 10), Long(entry, 20), Long(entry, 24), Long(entry, 42));
    }

    /// <summary>Some programs read a zip file from its front, by the names that stand there. They have to find the same.</summary>
    private static bool IsSeamless(ReadOnlySpan<byte> zip, List<Entry> entries, long directory)
    {
        long position = 0;
        foreach (var entry in entries.OrderBy(entry => entry.LocalHeader))
        {
            var gap = entry.LocalHeader - position;
            if (gap < 0 || gap > (position == 0 ? 0 : MaxGap) || entry.LocalHeader > zip.Length - LocalBytes) return false;
            var local = zip[(int)entry.LocalHeader..];
            if (!local.StartsWith(Signature)) return false;
            int nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(local[26..]);
            if (nameBytes > MaxNameBytes || nameBytes > local.Length - LocalBytes || NameOf(local.Slice(LocalBytes, nameBytes)) != entry.Name) return false;
            position = entry.LocalHeader + LocalBytes + nameBytes + BinaryPrimitives.ReadUInt16LittleEndian(local[28..]) + entry.CompressedBytes;
        }
        return directory >= position && directory - position <= MaxGap;
    }

    private static string NameOf(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name).Replace('\\', '/');

    /// <summary>The last end record that begins before this place, so near the end of the file that programs look there.</summary>
    private static int? FindEnd(ReadOnlySpan<byte> file, int before)
    {
        var start = Math.Max(0, file.Length - EndBytes - ushort.MaxValue);
        var end = Math.Min(before, file.Length - EndBytes + EndSignature.Length);
        if (end <= start) return null;
        var at = file[start..end].LastIndexOf(EndSignature);
        return at < 0 ? null : start + at;
    }
}
