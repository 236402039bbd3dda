namespace PatientResponse.Infrastructure.Files;

/// <summary>Reading that answers "there is no more" with false: a short file is an expected outcome, not an exception.</summary>
internal static class StreamReading
{
    public static bool TryRead(this Stream stream, Span<byte> all) =>
        stream.ReadAtLeast(all, all.Length, throwOnEndOfStream: false) == all.Length;

    public static bool TryReadAt(this Stream stream, long position, Span<byte> all)
    {
        if (position < 0 || position > stream.Length - all.Length) return false;
        stream.Position = position;
        return stream.TryRead(all);
    }
}
