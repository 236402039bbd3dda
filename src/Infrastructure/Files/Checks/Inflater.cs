using System.Runtime.CompilerServices;

namespace PatientResponse.Infrastructure.Files.Checks;

/// <summary>
/// Deflate (RFC 1951). Our own and not DeflateStream, which cannot say what its work was: a block of 11 bytes that expands to
/// nothing costs it 0.7 µs, so that 7 MB of them cost half a second and no byte of output. Here every block and every symbol is
/// paid for.
/// </summary>
internal sealed class Inflater(CheckWork work)
{
    private const int WindowBytes = 32 * 1024;
    private const int BufferBytes = 2 * WindowBytes;
    private const int LongestMatch = 258;
    private const int BlockSteps = 20;
    private const int TablesSteps = 400;

    private static readonly byte[] LengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
    private static readonly ushort[] LengthBases = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
    private static readonly byte[] LengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
    private static readonly ushort[] DistanceBases = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
    private static readonly byte[] DistanceBits = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];

    private readonly PrefixCode symbols = new(10, 288);
    private readonly PrefixCode distances = new(8, 32);
    private readonly byte[] lengths = new byte[320];
    private readonly byte[] buffer = new byte[BufferBytes];
    private int filled;
    private int given;
    private bool isRefused;

    /// <summary>How it ended; what came before has been given out.</summary>
    public InflateEnd Inflate(ReadOnlySpan<byte> packed, IExpanded target)
    {
        (filled, given, isRefused) = (0, 0, false);
        var bits = new BitReader(packed);
        var (sound, last) = (true, false);
        while (sound && !last && !isRefused)
        {
            work.Spend(BlockSteps);
            last = bits.Take(1) == 1;
            sound = bits.Take(2) switch
            {
                0 => CopyStored(ref bits, target),
                1 => ReadFixedCodes() && Expand(ref bits, target),
                2 => ReadCodes(ref bits) && Expand(ref bits, target),
                _ => false,
            } && !bits.IsOver;
        }
        Give(target);
        return isRefused ? InflateEnd.Refused : sound ? InflateEnd.Whole : bits.IsOver ? InflateEnd.TooShort : InflateEnd.Damaged;
    }

    private bool CopyStored(ref BitReader bits, IExpanded target)
    {
        bits.AlignToByte();
        var count = (int)bits.Take(16);
        if (bits.Take(16) != (uint)(count ^ 0xFFFF)) return false;
        work.Spend(count / 16);
        while (count > 0 && !isRefused)
        {
            MakeRoom(target);
            var part = bits.TakeBytes(Math.Min(count, BufferBytes - filled));
            if (part.IsEmpty)
            {
                bits.Take(1);
                return false;
            }
            part.CopyTo(buffer.AsSpan(filled));
            (filled, count) = (filled + part.Length, count - part.Length);
        }
        return count == 0;
    }

    private bool ReadFixedCodes()
    {
        work.Spend(TablesSteps);
        var all = lengths.AsSpan(0, 288);
        all.Fill(8);
        all[144..256].Fill(9);
        all[256..280].Fill(7);
        if (!symbols.Build(all)) return false;
        lengths.AsSpan(0, 30).Fill(5);
        return distances.Build(lengths.AsSpan(0, 30), isWhole: false);
    }

    private bool ReadCodes(ref BitReader bits)
    {
        work.Spend(TablesSteps);
        var (symbolCount, distanceCount, lengthCount) = ((int)bits.Take(5) + 257, (int)bits.Take(5) + 1, (int)bits.Take(4) + 4);
        if (symbolCount > 286 || distanceCount > 30) return false;
        var all = lengths.AsSpan(0, symbolCount + distanceCount);
        var order = lengths.AsSpan(0, 19);
        order.Clear();
        for (var i = 0; i < lengthCount; i++) order[LengthOrder[i]] = (byte)bits.Take(3);
        if (!symbols.Build(order)) return false;
        for (var i = 0; i < all.Length;)
        {
            var symbol = symbols.Read(ref bits);
            if (symbol is < 0 or > 18 || bits.IsOver) return false;
            if (symbol < 16) all[i++] = (byte)symbol;
            else
            {
                if (symbol == 16 && i == 0) return false;
                var repeated = symbol == 16 ? all[i - 1] : (byte)0;
                var count = symbol switch { 16 => 3 + bits.Take(2), 17 => 3 + bits.Take(3), _ => 11 + bits.Take(7) };
                if (i + count > all.Length) return false;
                all.Slice(i, (int)count).Fill(repeated);
                i += (int)count;
            }
        }
        return all[256] != 0 && symbols.Build(all[..symbolCount]) && distances.Build(all[symbolCount..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Expand(ref BitReader shared, IExpanded target)
    {
        var bits = shared;
        var (output, at, read) = (buffer, filled, 0);
        while (true)
        {
            if (at > BufferBytes - LongestMatch)
            {
                filled = at;
                work.Spend(read);
                MakeRoom(target);
                if (isRefused) return false;
                (at, read) = (filled, 0);
            }
            bits.Refill();
            var symbol = symbols.ReadFilled(ref bits);
            read++;
            if (symbol < 256)
            {
                if (symbol < 0 || bits.IsOver) break;
                output[at++] = (byte)symbol;
                continue;
            }
            if (symbol == 256)
            {
                filled = at;
                shared = bits;
                work.Spend(read);
                return !bits.IsOver;
            }
            if (symbol > 285) break;
            var length = LengthBases[symbol - 257] + (int)bits.TakeFilled(LengthBits[symbol - 257]);
            bits.Refill();
            symbol = distances.ReadFilled(ref bits);
            if (symbol is < 0 or > 29 || bits.IsOver) break;
            var distance = DistanceBases[symbol] + (int)bits.TakeFilled(DistanceBits[symbol]);
            if (distance > at) break;
            if (distance >= length) output.AsSpan(at - distance, length).CopyTo(output.AsSpan(at));
            else if (distance == 1) output.AsSpan(at, length).Fill(output[at - 1]);
            else for (var i = 0; i < length; i++) output[at + i] = output[at + i - distance];
            at += length;
            read += 1 + length / 8;
        }
        filled = at;
        shared = bits;
        work.Spend(read);
        return false;
    }

    /// <summary>Room for a longest match; the last 32 KB stay, for matches to refer to.</summary>
    private void MakeRoom(IExpanded target)
    {
        if (filled <= BufferBytes - LongestMatch) return;
        Give(target);
        buffer.AsSpan(filled - WindowBytes, WindowBytes).CopyTo(buffer);
        filled = given = WindowBytes;
    }

    private void Give(IExpanded target)
    {
        if (filled > given && !isRefused) isRefused = !target.Take(buffer.AsSpan(given, filled - given));
        given = filled;
    }
}
