namespace PatientResponse.Infrastructure.Text;

public static class Ids
{
    private static int _made;

    /// <summary>A new id of version 7 that sorts after those that this process made in the same millisecond: 26 bits after the time count
    /// (RFC 9562, 6.2, method 1), 48 are random.</summary>
    public static Guid New(DateTimeOffset now)
    {
        var count = Interlocked.Increment(ref _made);
        var bytes = Guid.CreateVersion7(now).ToByteArray(bigEndian: true);
        bytes[6] = (byte)(0x70 | (count >> 22 & 0x0F));
        bytes[7] = (byte)(count >> 14);
        bytes[8] = (byte)(0x80 | (count >> 8 & 0x3F));
        bytes[9] = (byte)count;
        return new(bytes, bigEndian: true);
    }

    /// <summary>An id in the one spelling that we write: 32 digits in lower case, nothing around them.</summary>
    public static Guid? Parse(string? text) => Guid.TryParseExact(text, "N", out var id) && id.ToString("N") == text ? id : null;
}
