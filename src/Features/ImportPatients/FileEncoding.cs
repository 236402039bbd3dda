using System.Text;

namespace PatientResponse.Features.ImportPatients;

/// <summary>Tells how the letters of a whole file are written. One wrong byte says nothing about the others.</summary>
public static class FileEncoding
{
    /// <summary>A file in Windows-1252 has hardly ever letters beside each other that would be one in UTF-8.</summary>
    private const int MostWrongForOneRight = 10;
    private const int LookedAt = 1_000;

    public static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    public static Encoding Of(ReadOnlySpan<byte> file) =>
        file.StartsWith(Encoding.UTF8.Preamble) ? new UTF8Encoding()
        : file.StartsWith(Encoding.Unicode.Preamble) ? Encoding.Unicode
        : file.StartsWith(Encoding.BigEndianUnicode.Preamble) ? Encoding.BigEndianUnicode
        : HasNulAt(file, odd: true) ? Encoding.Unicode
        : HasNulAt(file, odd: false) ? Encoding.BigEndianUnicode
        : IsUtf8(file) ? new UTF8Encoding() : Windows1252;

    public static string NameOf(Encoding encoding) => encoding is UTF8Encoding ? "UTF-8" : encoding == Windows1252 ? "Windows-1252" : "UTF-16";

    /// <summary>Every other byte of plain letters in UTF-16 is 0.</summary>
    private static bool HasNulAt(ReadOnlySpan<byte> file, bool odd)
    {
        var (looked, nul) = (Math.Min(file.Length, LookedAt), 0);
        for (var i = odd ? 1 : 0; i < looked; i += 2)
            nul += file[i] == 0 ? 1 : 0;
        return nul * 4 > looked;
    }

    private static bool IsUtf8(ReadOnlySpan<byte> file)
    {
        var (right, wrong) = (0L, 0L);
        while ((file = file[PlainLength(file)..]).Length > 0)
        {
            var isRight = Rune.DecodeFromUtf8(file, out _, out var length) == System.Buffers.OperationStatus.Done;
            (right, wrong) = (right + (isRight ? 1 : 0), wrong + (isRight ? 0 : 1));
            file = file[length..];
        }
        return wrong == 0 || (right > 0 && wrong <= right * MostWrongForOneRight);
    }

    private static int PlainLength(ReadOnlySpan<byte> file) => file.IndexOfAnyExceptInRange((byte)0, (byte)127) is >= 0 and var length ? length : file.Length;
}
