using System.Runtime.CompilerServices;

namespace PatientResponse.Infrastructure.Files.Checks;

/// <summary>One of deflate's prefix codes: short codes are looked up in a table, long ones counted out.</summary>
internal sealed class PrefixCode(int tableBits, int maxSymbols)
{
    private const int LongestCode = 15;
    // A symbol and, in the lowest four bits, its code's length; 0 where the code is longer than the table's.
    private readonly ushort[] table = new ushort[1 << tableBits];
    private readonly ushort[] counts = new ushort[LongestCode + 1];
    private readonly ushort[] sorted = new ushort[maxSymbols];

    /// <summary>False when more codes are given than there can be, or fewer (but one alone, or none, of distances).</summary>
    public bool Build(ReadOnlySpan<byte> lengths, bool isWhole = true)
    {
        Array.Clear(counts);
        Array.Clear(table);
        foreach (var length in lengths) counts[length]++;
        counts[0] = 0;
        var (left, used) = (1, 0);
        for (var length = 1; length <= LongestCode; length++)
        {
            left = left * 2 - counts[length];
            used += counts[length];
            if (left < 0) return false;
        }
        if (left > 0 && isWhole && !(used == 0 || (used == 1 && counts[1] == 1))) return false;
        Span<int> places = stackalloc int[LongestCode + 1];
        Span<int> codes = stackalloc int[LongestCode + 1];
        (places[0], codes[0], places[1], codes[1]) = (0, 0, 0, 0);
        for (var length = 1; length < LongestCode; length++)
        {
            places[length + 1] = places[length] + counts[length];
            codes[length + 1] = (codes[length] + counts[length]) << 1;
        }
        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            var length = lengths[symbol];
            if (length == 0) continue;
            sorted[places[length]++] = (ushort)symbol;
            var code = codes[length]++;
            if (length > tableBits) continue;
            var entry = (ushort)((symbol << 4) | length);
            for (var i = Reversed(code, length); i < table.Length; i += 1 << length) table[i] = entry;
        }
        return true;
    }

    /// <summary>-1 for a code that stands for nothing.</summary>
    public int Read(ref BitReader bits)
    {
        bits.Refill();
        return ReadFilled(ref bits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadFilled(ref BitReader bits)
    {
        int entry = table[bits.Held & (uint)(table.Length - 1)];
        if (entry == 0) return ReadLong(ref bits);
        bits.Drop(entry & 15);
        return entry >> 4;
    }

    private int ReadLong(ref BitReader bits)
    {
        var (code, first, index, held) = (0, 0, 0, bits.Held);
        for (var length = 1; length <= LongestCode; length++)
        {
            code |= (int)(held & 1);
            held >>= 1;
            var count = counts[length];
            if (code - count < first)
            {
                bits.Drop(length);
                return sorted[index + (code - first)];
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        return -1;
    }

    private static int Reversed(int code, int length)
    {
        var reversed = 0;
        for (var i = 0; i < length; i++) reversed |= ((code >> i) & 1) << (length - 1 - i);
        return reversed;
    }
}
