using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace PatientResponse.Infrastructure.Files.Checks;

/// <summary>Bits as deflate packs them, the lowest first. Behind the end come zeros, and <see cref="IsOver"/>.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private ulong held;
    private int count;
    private int at;

    /// <summary>More was taken than there is.</summary>
    public readonly bool IsOver => at - (count >> 3) > bytes.Length;

    public readonly uint Held => (uint)held;

    /// <summary>At least 48 bits are held after this.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Refill()
    {
        if (count >= 48) return;
        if (at <= bytes.Length - 8)
        {
            held |= BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]) << count;
            at += (63 - count) >> 3;
            count |= 56;
        }
        else for (; count <= 56; count += 8, at++) held |= (at < bytes.Length ? (ulong)bytes[at] : 0) << count;
    }

    /// <summary>At most 16 bits.</summary>
    public uint Take(int wanted)
    {
        Refill();
        return TakeFilled(wanted);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint TakeFilled(int wanted)
    {
        var value = (uint)held & ((1u << wanted) - 1);
        Drop(wanted);
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Drop(int taken)
    {
        held >>= taken;
        count -= taken;
    }

    public void AlignToByte() => Drop(count & 7);

    /// <summary>Whole bytes, after <see cref="AlignToByte"/>; fewer at the end.</summary>
    public ReadOnlySpan<byte> TakeBytes(int wanted)
    {
        at -= count >> 3;
        (held, count) = (0, 0);
        var part = at < bytes.Length ? bytes.Slice(at, Math.Min(wanted, bytes.Length - at)) : [];
        at += part.Length;
        return part;
    }
}
