namespace PatientResponse.Infrastructure.Files.Pdf;

/// <summary>The names that a check has to know (ISO 32000). A name that is none of them is <see cref="None"/>.</summary>
internal enum PdfName : byte
{
    None,
    // Where actions hang, and what they are.
    OpenAction, AA, Next, S, URI, JS, JavaScript, OnInstantiate, D,
    GoTo, GoToR, GoToE, Launch, Thread, SubmitForm, ImportData, Rendition, Movie, Sound, GoTo3DView, RichMediaExecute,
    // What may hide files and programs.
    XFA, EF, EmbeddedFiles, EmbeddedFile, Subtype, Type, FileAttachment, RichMedia, ThreeD, Names, Kids,
    // Dictionaries whose keys are names of somebody's own.
    Font, XObject, ExtGState, ColorSpace, Pattern, Shading, Properties, CharProcs, Dests, RoleMap, ClassMap, Colorants, AP,
    // Streams.
    Length, F, Ref, Filter, DecodeParms, DP, ObjStm, N, First, XRef, Index, W, Size, Predictor, Colors, BitsPerComponent, Columns, EarlyChange,
    FlateDecode, Fl, LZWDecode, LZW, ASCIIHexDecode, AHx, ASCII85Decode, A85, RunLengthDecode, RL, Crypt,
    // Trailers and encryption.
    Prev, XRefStm, Root, ID, Encrypt, Standard, V, R, O, U, P, CF, StmF, StrF, CFM, V2, AESV2, AESV3, Identity, EncryptMetadata, Name,
}

/// <summary>Finds a name by its bytes.</summary>
internal static class PdfNames
{
    private const int Longest = 16;
    private static readonly byte[]?[] Texts = new byte[]?[512];
    private static readonly PdfName[] Values = new PdfName[512];

    static PdfNames()
    {
        foreach (var name in Enum.GetValues<PdfName>())
        {
            if (name == PdfName.None) continue;
            var text = System.Text.Encoding.ASCII.GetBytes(name == PdfName.ThreeD ? "3D" : name.ToString());
            var place = Place(text);
            while (Texts[place] is not null) place = (place + 1) % Texts.Length;
            (Texts[place], Values[place]) = (text, name);
        }
    }

    /// <summary>The bytes behind the slash, with #xx in them or not.</summary>
    public static PdfName Find(ReadOnlySpan<byte> raw)
    {
        if (raw.Contains((byte)'#'))
        {
            Span<byte> plain = stackalloc byte[Longest + 1];
            return FindPlain(plain[..Unescape(raw, plain)]);
        }
        return FindPlain(raw);
    }

    private static PdfName FindPlain(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > Longest) return PdfName.None;
        for (var place = Place(text); Texts[place] is { } known; place = (place + 1) % Texts.Length)
            if (text.SequenceEqual(known)) return Values[place];
        return PdfName.None;
    }

    private static int Place(ReadOnlySpan<byte> text) => (text.Length * 37 + text[0] * 5 + text[^1] * 11 + text[text.Length / 2]) % 512;

    private static int Unescape(ReadOnlySpan<byte> raw, Span<byte> plain)
    {
        var length = 0;
        for (var i = 0; i < raw.Length && length < plain.Length; length++)
        {
            var escaped = raw[i] == '#' && i + 2 < raw.Length && char.IsAsciiHexDigit((char)raw[i + 1]) && char.IsAsciiHexDigit((char)raw[i + 2]);
            plain[length] = escaped ? (byte)(Uri.FromHex((char)raw[i + 1]) * 16 + Uri.FromHex((char)raw[i + 2])) : raw[i];
            i += escaped ? 3 : 1;
        }
        return length;
    }
}
