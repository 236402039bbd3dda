using System.Buffers;
using System.IO.Compression;

namespace PatientResponse.Infrastructure.Files;

/// <summary>A PDF (ISO 32000): its names are read, plain and in compressed object streams; nothing is interpreted.</summary>
internal static class PdfCheck
{
    private const int TailBytes = 2048;
    private const int BufferBytes = 32 * 1024;
    private const long MaxExpandedBytes = 50L * 1024 * 1024;

    public static ContentVerdict Check(Stream file)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            if (!HasHeadAndTail(file, buffer) || ZipDirectory.IsOne(file)) return ContentVerdict.Refused(FileProblem.WrongType);
            var names = new PdfNames();
            file.Position = 0;
            int read;
            while ((read = file.Read(buffer)) > 0) names.Feed(buffer.AsSpan(0, read));
            names.End();
            if (names.Encrypted) return ContentVerdict.Refused(FileProblem.PasswordProtected);
            return new(null, names.Active || names.HiddenObjects || AnyActiveInside(file, names.ObjectStreams, buffer));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static bool HasHeadAndTail(Stream file, byte[] buffer)
    {
        file.Position = 0;
        var head = file.ReadAtLeast(buffer.AsSpan(0, FileKinds.HeadBytes), FileKinds.HeadBytes, throwOnEndOfStream: false);
        if (!FileKinds.StartsAs(FileKind.Pdf, buffer.AsSpan(0, head))) return false;
        var tail = buffer.AsSpan(0, (int)Math.Min(TailBytes, file.Length));
        return file.TryReadAt(file.Length - tail.Length, tail)
            && (tail.IndexOf("%%EOF"u8) >= 0 || tail.IndexOf("startxref"u8) >= 0);
    }

    // What cannot be looked into counts as active: it is a warning, not a refusal.
    private static bool AnyActiveInside(Stream file, IReadOnlyList<long> starts, byte[] buffer)
    {
        var budget = new ExpansionBudget(MaxExpandedBytes);
        Span<byte> first = stackalloc byte[1];
        foreach (var afterLine in starts)
        {
            // The line may have ended in CR LF.
            var start = file.TryReadAt(afterLine, first) && first[0] == '\n' ? afterLine + 1 : afterLine;
            var names = new PdfNames();
            try
            {
                using var objects = new BudgetedStream(new ZLibStream(new StreamPart(file, start, file.Length - start), CompressionMode.Decompress), budget);
                int read;
                while ((read = objects.Read(buffer)) > 0) names.Feed(buffer.AsSpan(0, read));
            }
            catch (InvalidDataException)
            {
                return true;
            }
            names.End();
            if (names.Active || budget.IsSpent) return true;
        }
        return false;
    }
}
