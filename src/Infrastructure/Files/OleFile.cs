using System.Buffers.Binary;
using System.Text;

namespace PatientResponse.Infrastructure.Files;

/// <summary>
/// The directory of an OLE compound file (MS-CFB), which .doc, encrypted .docx, .xls, .ppt and .msg all are. Walks under
/// limits: no more entries than any document has, none visited twice.
/// </summary>
internal sealed class OleFile
{
    private const int EntryBytes = 128;
    private const int MaxEntries = 10_000;
    // Of 8 MB each, with sectors of 512 bytes.
    private const int MaxTableLists = 4;
    private const uint LastSector = 0xFFFFFFFA;
    private const uint NoEntry = 0xFFFFFFFF;

    private readonly Stream file;
    private readonly int sectorBytes;
    private readonly byte[] header;
    private readonly List<Entry> entries = [];

    private sealed record Entry(string Name, byte Type, uint Left, uint Right, uint Child, uint Start, long Bytes);

    private OleFile(Stream file, byte[] header)
    {
        (this.file, this.header) = (file, header);
        sectorBytes = 1 << BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(0x1E));
    }

    public static ReadOnlySpan<byte> Signature => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

    /// <summary>Whether this is an encrypted Office document (MS-OFFCRYPTO).</summary>
    public bool IsEncryptedPackage => HasAtRoot("EncryptedPackage");

    /// <summary>Names of all streams and storages, at any depth.</summary>
    public IEnumerable<string> AllNames => entries.Where(entry => entry.Type != 0).Select(entry => entry.Name);

    /// <summary>Null when it is no compound file or a damaged one.</summary>
    public static OleFile? Read(Stream file)
    {
        var header = new byte[512];
        if (!file.TryReadAt(0, header) || !header.AsSpan().StartsWith(Signature)) return null;
        // Sectors of 512 bytes (version 3) or 4,096 bytes (version 4).
        if (BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(0x1E)) is not (9 or 12)) return null;
        var ole = new OleFile(file, header);
        return ole.ReadDirectory() ? ole : null;
    }

    public bool HasAtRoot(string name) => AtRoot(name) is not null;

    /// <summary>The first bytes of a stream at the root, at most one small sector's 64; false when there are not so many.</summary>
    public bool TryReadStart(string name, Span<byte> start)
    {
        if (AtRoot(name) is not { Type: 2 } entry || entry.Bytes < start.Length) return false;
        if (entry.Bytes >= BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(0x38)))
            return file.TryReadAt(OffsetOf(entry.Start), start);
        // Small streams share the root entry's stream, in sectors of 64 bytes.
        var within = entry.Start * 64L;
        if (within >= file.Length) return false;
        var sector = entries[0].Start;
        for (; within >= sectorBytes && sector < LastSector; within -= sectorBytes) sector = Next(sector);
        return sector < LastSector && file.TryReadAt(OffsetOf(sector) + within, start);
    }

    private Entry? AtRoot(string name)
    {
        var pending = new Stack<uint>([entries[0].Child]);
        var seen = new HashSet<uint>();
        while (pending.TryPop(out var number))
        {
            if (number >= entries.Count || !seen.Add(number)) continue;
            var entry = entries[(int)number];
            if (entry.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return entry;
            pending.Push(entry.Left);
            pending.Push(entry.Right);
        }
        return null;
    }

    private bool ReadDirectory()
    {
        Span<byte> raw = stackalloc byte[EntryBytes];
        var sector = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(0x30));
        // A chain that runs in a circle ends at the limit of entries.
        for (; sector < LastSector; sector = Next(sector))
        {
            for (var at = 0; at < sectorBytes; at += EntryBytes)
            {
                if (entries.Count >= MaxEntries || !file.TryReadAt(OffsetOf(sector) + at, raw)) return false;
                entries.Add(Parse(raw));
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

    /// <summary>The sector after this one in its chain; the allocation table's own sectors are listed in the header, then in a chain.</summary>
    private uint Next(uint sector)
    {
        var perSector = sectorBytes / 4;
        return TableSector(sector / (uint)perSector) is { } table ? ReadNumber(OffsetOf(table) + sector % perSector * 4) : NoEntry;
    }

    private uint? TableSector(uint index)
    {
        const int inHeader = 109;
        if (index < inHeader) return BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(0x4C + (int)index * 4));
        index -= inHeader;
        var perSector = (uint)sectorBytes / 4 - 1;
        var list = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(0x44));
        for (var visited = 0; list < LastSector && visited < MaxTableLists; visited++, index -= perSector)
        {
            if (index < perSector) return ReadNumber(OffsetOf(list) + index * 4);
            list = ReadNumber(OffsetOf(list) + perSector * 4);
        }
        return null;
    }

    private uint ReadNumber(long position)
    {
        Span<byte> number = stackalloc byte[4];
        return file.TryReadAt(position, number) ? BinaryPrimitives.ReadUInt32LittleEndian(number) : NoEntry;
    }
}
