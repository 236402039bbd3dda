using System.Buffers.Binary;
using System.Text;
using PatientResponse.Infrastructure.Files.Checks;

namespace PatientResponse.Infrastructure.Files.Word;

/// <summary>
/// An OLE compound file (MS-CFB), which .doc, encrypted .docx, .xls, .ppt and .msg all are. Walks under limits: no more entries
/// than any document has, none visited twice.
/// </summary>
internal sealed class OleFile
{
    private const int EntryBytes = 128;
    private const int HeaderBytes = 512;
    private const int SmallSectorBytes = 64;
    private const int MaxEntries = 10_000;
    // Of 8 MB each, with sectors of 512 bytes.
    private const int MaxTableLists = 4;
    private const uint LastSector = 0xFFFFFFFA;
    private const uint NoEntry = 0xFFFFFFFF;

    private readonly ReadOnlyMemory<byte> file;
    private readonly CheckWork work;
    private readonly int sectorBytes;
    private readonly List<Entry> entries = [];

    private sealed record Entry(string Name, byte Type, uint Left, uint Right, uint Child, uint Start, long Bytes);

    private OleFile(ReadOnlyMemory<byte> file, CheckWork work)
    {
        (this.file, this.work) = (file, work);
        sectorBytes = 1 << BinaryPrimitives.ReadUInt16LittleEndian(file.Span[0x1E..]);
    }

    public static ReadOnlySpan<byte> Signature => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

    /// <summary>Whether this is an encrypted Office document (MS-OFFCRYPTO).</summary>
    public bool IsEncryptedPackage => HasAtRoot("EncryptedPackage");

    /// <summary>Names of all streams and storages, at any depth.</summary>
    public IEnumerable<string> AllNames => entries.Where(entry => entry.Type != 0).Select(entry => entry.Name);

    /// <summary>Null when it is no compound file or a damaged one.</summary>
    public static OleFile? Read(ReadOnlyMemory<byte> file, CheckWork work)
    {
        if (file.Length < HeaderBytes || !file.Span.StartsWith(Signature)) return null;
        // Sectors of 512 bytes (version 3) or 4,096 bytes (version 4).
        if (BinaryPrimitives.ReadUInt16LittleEndian(file.Span[0x1E..]) is not (9 or 12)) return null;
        var ole = new OleFile(file, work);
        return ole.ReadDirectory() ? ole : null;
    }

    public bool HasAtRoot(string name) => AtRoot(name) is not null;

    /// <summary>How often a name stands in the directory, at any depth but the root's.</summary>
    public bool HasBelowRoot(string name) => entries.Count(entry => entry.Type != 0 && entry.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) > (HasAtRoot(name) ? 1 : 0);

    /// <summary>Whether all these places lie in streams: in the large ones, or in the one that the small ones share.</summary>
    public bool HoldsInStreams(IReadOnlyList<int> places)
    {
        if (places.Count == 0) return true;
        var used = new bool[file.Length / sectorBytes + 1];
        foreach (var stream in entries.Where(entry => entry.Type == 5 || (entry.Type == 2 && entry.Bytes >= Number(0x38))))
        {
            // A sector that is known ends this chain: the rest of it is known as well.
            var left = stream.Bytes;
            for (var sector = stream.Start; left > 0 && sector < used.Length && !used[sector]; sector = Next(sector), left -= sectorBytes)
            {
                work.Spend(4);
                used[sector] = true;
            }
        }
        return places.All(place => place >= sectorBytes && used[place / sectorBytes - 1]);
    }

    /// <summary>A stream at the root; what is missing of it at its end stays away. Null when there is none.</summary>
    public ReadOnlyMemory<byte>? ReadAtRoot(string name)
    {
        if (AtRoot(name) is not { Type: 2 } entry) return null;
        var length = (int)Math.Min(entry.Bytes, file.Length);
        return entry.Bytes >= Number(0x38) ? ReadChain(entry.Start, length) : ReadSmall(entry.Start, length);
    }

    /// <summary>A stream that lies in one piece, as most do, is not copied.</summary>
    private ReadOnlyMemory<byte> ReadChain(uint sector, int length)
    {
        var (first, filled) = (OffsetOf(sector), 0);
        byte[]? copy = null;
        for (; filled < length && sector < LastSector; sector = Next(sector))
        {
            var part = Sector(sector);
            part = part[..Math.Min(part.Length, length - filled)];
            if (part.IsEmpty) break;
            if (copy is null && OffsetOf(sector) != first + filled)
            {
                copy = new byte[length];
                file.Span.Slice((int)first, filled).CopyTo(copy);
            }
            if (copy is not null) part.CopyTo(copy.AsSpan(filled));
            filled += part.Length;
        }
        return copy is not null ? copy.AsMemory(0, filled) : filled == 0 ? default : file.Slice((int)first, filled);
    }

    /// <summary>Small streams share the root entry's stream, in sectors of 64 bytes with a table of their own.</summary>
    private ReadOnlyMemory<byte> ReadSmall(uint sector, int length)
    {
        var all = ReadChain(entries[0].Start, (int)Math.Min(entries[0].Bytes, file.Length)).Span;
        var table = ReadChain((uint)Number(0x3C), file.Length).Span;
        var bytes = new byte[length];
        var filled = 0;
        while (filled < length && sector < LastSector && sector * (long)SmallSectorBytes < all.Length)
        {
            work.Spend(2);
            var part = all[((int)sector * SmallSectorBytes)..];
            part = part[..Math.Min(Math.Min(part.Length, SmallSectorBytes), length - filled)];
            part.CopyTo(bytes.AsSpan(filled));
            filled += part.Length;
            sector = sector * 4L + 4 <= table.Length ? BinaryPrimitives.ReadUInt32LittleEndian(table[((int)sector * 4)..]) : NoEntry;
        }
        return bytes.AsMemory(0, filled);
    }

    private Entry? AtRoot(string name)
    {
        var pending = new Stack<uint>([entries[0].Child]);
        var seen = new HashSet<uint>();
        while (pending.TryPop(out var number))
        {
            if (number >= entries.Count || !seen.Add(number)) continue;
            work.Spend(10);
            var entry = entries[(int)number];
            if (entry.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return entry;
            pending.Push(entry.Left);
            pending.Push(entry.Right);
        }
        return null;
    }

    private bool ReadDirectory()
    {
        // A chain that runs in a circle ends at the limit of entries.
        for (var sector = (uint)Number(0x30); sector < LastSector; sector = Next(sector))
        {
            var bytes = Sector(sector);
            if (bytes.Length < sectorBytes) return false;
            for (var at = 0; at < sectorBytes; at += EntryBytes)
            {
                if (entries.Count >= MaxEntries) return false;
                work.Spend(20);
                entries.Add(Parse(bytes.Slice(at, EntryBytes)));
            }
        }
        return entries.Count > 0 && entries[0].Type == 5;
    }

    private static Entry Parse(ReadOnlySpan<byte> raw)
    {
        var nameBytes = Math.Clamp(BinaryPrimitives.ReadUInt16LittleEndian(raw[0x40..]) - 2, 0, 62);
        return new(
            Encoding.Unicode.GetString(raw[..(nameBytes & ~1)]),
            raw[0x42],
            BinaryPrimitives.ReadUInt32LittleEndian(raw[0x44..]),
            BinaryPrimitives.ReadUInt32LittleEndian(raw[0x48..]),
            BinaryPrimitives.ReadUInt32LittleEndian(raw[0x4C..]),
            BinaryPrimitives.ReadUInt32LittleEndian(raw[0x74..]),
            BinaryPrimitives.ReadUInt32LittleEndian(raw[0x78..]));
    }

    private long OffsetOf(uint sector) => (sector + 1L) * sectorBytes;

    /// <summary>Shorter at the end of the file; empty behind it.</summary>
    private ReadOnlySpan<byte> Sector(uint sector)
    {
        work.Spend(4 + sectorBytes / 256);
        var at = OffsetOf(sector);
        return at >= file.Length ? [] : file.Span.Slice((int)at, (int)Math.Min(sectorBytes, file.Length - at));
    }

    /// <summary>The sector after this one in its chain; the allocation table's own sectors are listed in the header, then in a chain.</summary>
    private uint Next(uint sector)
    {
        var perSector = sectorBytes / 4;
        return TableSector(sector / (uint)perSector) is { } table ? (uint)Number(OffsetOf(table) + sector % perSector * 4) : NoEntry;
    }

    private uint? TableSector(uint index)
    {
        const int inHeader = 109;
        if (index < inHeader) return (uint)Number(0x4C + index * 4);
        index -= inHeader;
        var perSector = (uint)sectorBytes / 4 - 1;
        var list = (uint)Number(0x44);
        for (var visited = 0; list < LastSector && visited < MaxTableLists; visited++, index -= perSector)
        {
            if (index < perSector) return (uint)Number(OffsetOf(list) + index * 4);
            list = (uint)Number(OffsetOf(list) + perSector * 4);
        }
        return null;
    }

    /// <summary>"None" behind the end of the file.</summary>
    private long Number(long position) =>
        position <= file.Length - 4 ? BinaryPrimitives.ReadUInt32LittleEndian(file.Span[(int)position..]) : NoEntry;
}
