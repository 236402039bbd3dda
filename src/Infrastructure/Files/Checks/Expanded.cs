namespace PatientResponse.Infrastructure.Files.Checks;

/// <summary>Takes expanded bytes, stretch by stretch.</summary>
internal interface IExpanded
{
    /// <summary>False when no more are wanted.</summary>
    bool Take(ReadOnlySpan<byte> bytes);
}

/// <summary>How expanding ended.</summary>
internal enum InflateEnd
{
    Whole,
    /// <summary>The data ends before its last block does; all that there is was given out.</summary>
    TooShort,
    Damaged,
    /// <summary>The target wanted no more.</summary>
    Refused,
}

/// <summary>Keeps what was expanded, up to a limit.</summary>
internal sealed class ExpandedBytes(CheckWork work, int limit) : IExpanded
{
    private const int BytesAStep = 32;
    private byte[] bytes = new byte[1024];
    private int length;

    public ReadOnlyMemory<byte> Memory => bytes.AsMemory(0, length);

    public bool Take(ReadOnlySpan<byte> more)
    {
        if (more.Length > limit - length) return false;
        work.Spend(more.Length / BytesAStep);
        if (length + more.Length > bytes.Length) Array.Resize(ref bytes, Math.Max(length + more.Length, Math.Min(limit, bytes.Length * 2)));
        more.CopyTo(bytes.AsSpan(length));
        length += more.Length;
        return true;
    }

    public bool Add(byte value) => Take([value]);
}
