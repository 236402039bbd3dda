using System.Buffers.Text;
using PatientResponse.Infrastructure.Files.Checks;

namespace PatientResponse.Infrastructure.Files.Pdf;

internal enum PdfLock
{
    None,
    /// <summary>Encrypted, and every viewer opens it: only printing and the like ask for a password, or only attached files do.</summary>
    OpensWithoutPassword,
    Password,
}

/// <summary>Whether a PDF asks for a password (ISO 32000-2, 7.6): tried with the empty one, as viewers do.</summary>
internal static class PdfEncryption
{
    private const int MaxTrailers = 1000;
    private const int PasswordSteps = 2_000_000;

    /// <summary>Looks at each trailer; the strictest counts.</summary>
    public static PdfLock Of(ReadOnlyMemory<byte> file, IReadOnlyList<int> trailers, PdfObjects objects, CheckWork work)
    {
        var strictest = PdfLock.None;
        var seen = new HashSet<(int, int)>();
        var (trailer, dictionary) = (new PdfObject(work), new PdfObject(work));
        foreach (var at in trailers.Take(MaxTrailers))
        {
            Read(trailer, file.Span, at);
            if (!trailer.IsDictionary || trailer.Find(0, PdfName.Encrypt) is not (>= 0 and var encrypt)) continue;
            ref var item = ref trailer[encrypt];
            if (item.Kind is not (PdfKind.Reference or PdfKind.Dictionary)) continue;
            var isReference = item.Kind == PdfKind.Reference;
            if (!seen.Add((isReference ? 0 : 1, isReference ? item.Value : item.Start))) continue;
            var id = Id(trailer, file.Span);
            List<int> places = isReference ? [.. objects.All(item.Value).Take(8).Select(place => place.Value)] : [item.Start];
            // Nobody can open it when the dictionary is not there.
            if (places.Count == 0) return PdfLock.Password;
            foreach (var place in places)
            {
                work.Spend(PasswordSteps);
                Read(dictionary, file.Span, place);
                if (dictionary.IsDictionary && !Opens(dictionary, file.Span, id)) return PdfLock.Password;
                strictest = PdfLock.OpensWithoutPassword;
            }
        }
        return strictest;
    }

    private static void Read(PdfObject target, ReadOnlySpan<byte> file, int at)
    {
        var lexer = new PdfLexer(file, at);
        target.Read(ref lexer);
    }

    private static byte[] Id(PdfObject trailer, ReadOnlySpan<byte> file)
    {
        var at = trailer.Find(0, PdfName.ID);
        return at >= 0 && trailer[at].Kind == PdfKind.Array && trailer[at].Next > at + 1 ? Text(file, trailer[at + 1]) : [];
    }

    private static byte[] Text(ReadOnlySpan<byte> file, PdfItem item) =>
        item.Kind is PdfKind.Literal or PdfKind.Hex ? PdfText.Read(file, item, new byte[128]).ToArray() : [];

    private static bool Opens(PdfObject dictionary, ReadOnlySpan<byte> file, byte[] id)
    {
        if (dictionary.Find(0, PdfName.Filter) is not (>= 0 and var filter)) return false;
        var version = dictionary.Number(0, PdfName.V) ?? 0;
        if (version >= 4 && IsIdentity(dictionary, PdfName.StmF) && IsIdentity(dictionary, PdfName.StrF)) return true;
        if (dictionary[filter].Name != PdfName.Standard) return false;
        byte[] Bytes(PdfName key, ReadOnlySpan<byte> source) => dictionary.Find(0, key) is >= 0 and var at ? Text(source, dictionary[at]) : [];
        return PdfPassword.IsEmpty(
            dictionary.Number(0, PdfName.R) ?? 0, KeyBytes(dictionary, version), Bytes(PdfName.O, file), Bytes(PdfName.U, file),
            Permissions(dictionary, file), id, EncryptsMetadata(dictionary, file));
    }

    // The filter for streams or strings that a name stands for: "Identity" leaves them as they are, and so does no name.
    private static bool IsIdentity(PdfObject dictionary, PdfName key) =>
        dictionary.Find(0, key) is var at && (at < 0 || dictionary[at].Name == PdfName.Identity);

    private static int KeyBytes(PdfObject dictionary, int version) =>
        version == 1 ? 5 : version >= 4 ? 16 : Math.Clamp((dictionary.Number(0, PdfName.Length) ?? 40) / 8, 5, 16);

    // Written as a negative number, or by some programs as a large positive one.
    private static int Permissions(PdfObject dictionary, ReadOnlySpan<byte> file) =>
        dictionary.Find(0, PdfName.P) is >= 0 and var at && Utf8Parser.TryParse(file[dictionary[at].Start..], out long number, out _) ? unchecked((int)number) : 0;

    private static bool EncryptsMetadata(PdfObject dictionary, ReadOnlySpan<byte> file) =>
        dictionary.Find(0, PdfName.EncryptMetadata) is not (>= 0 and var at) || !file[dictionary[at].Start..].StartsWith("false"u8);
}
