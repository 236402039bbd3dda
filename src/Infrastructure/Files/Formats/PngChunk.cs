using System.Buffers.Binary;

namespace PatientResponse.Infrastructure.Files.Formats;

/// <summary>A chunk of a PNG file: its length, its type, its content, and a CRC-32 of the latter two.</summary>
internal static class PngChunk
{
    private static readonly uint[] CrcTable = MakeCrcTable();

    public static byte[] Of(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        var chunk = new byte[12 + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        type.CopyTo(chunk.AsSpan(4));
        content.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + content.Length), ~Crc(uint.MaxValue, chunk.AsSpan(4, 4 + content.Length)));
        return chunk;
    }

    /// <summary>Whether the chunk that begins here has the checksum that it says.</summary>
    public static bool IsSound(FileBytes image, long at, uint length)
    {
        var crc = uint.MaxValue;
        var end = at + 8 + length;
        for (at += 4; at < end;)
        {
            var some = image.From(at);
            if (some.IsEmpty) return false;
            some = some[..(int)Math.Min(some.Length, end - at)];
            crc = Crc(crc, some);
            at += some.Length;
        }
        Span<byte> written = stackalloc byte[4];
        return image.TryRead(end, written) && BinaryPrimitives.ReadUInt32BigEndian(written) == ~crc;
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes) crc = CrcTable[(byte)crc ^ value] ^ (crc >> 8);
        return crc;
    }

    private static uint[] MakeCrcTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            table[i] = i;
            for (var bit = 0; bit < 8; bit++) table[i] = (table[i] & 1) != 0 ? (table[i] >> 1) ^ 0xEDB88320 : table[i] >> 1;
        }
        return table;
    }
}
