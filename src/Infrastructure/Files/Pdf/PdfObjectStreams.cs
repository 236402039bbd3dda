using PatientResponse.Infrastructure.Files.Checks;

namespace PatientResponse.Infrastructure.Files.Pdf;

/// <summary>Reads the objects that are packed into streams (ISO 32000-1, 7.5.7).</summary>
internal sealed class PdfObjectStreams(PdfStreams streams, PdfActions actions, CheckWork work)
{
    private readonly PdfObject current = new(work);

    /// <summary>Whether a stream holds objects: its type says so, or two keys do that no other stream has together.</summary>
    public static bool MayBeOne(PdfObject dictionary)
    {
        var type = dictionary.Find(0, PdfName.Type);
        return (type >= 0 && (dictionary[type].Name == PdfName.ObjStm || dictionary[type].Kind == PdfKind.Reference))
            || (dictionary.Has(0, PdfName.N) && dictionary.Has(0, PdfName.First));
    }

    /// <summary>False when it cannot be looked into.</summary>
    public bool Read(PdfPlace place)
    {
        if (streams.Expand(place) is not { } data) return false;
        // Of another type after all.
        if (!streams.Dictionary.Has(0, PdfName.N) || !streams.Dictionary.Has(0, PdfName.First)) return IsNoObjectStream();
        if (streams.Number(PdfName.N) is not { } count || streams.Number(PdfName.First) is not (>= 0 and var first) || first > data.Length) return false;
        var header = new PdfLexer(data.Span[..first], 0);
        for (var i = 0; i < count; i++)
        {
            work.Spend(8);
            if (header.Next() != PdfToken.Int) return header.At >= first && i > 0;
            var number = header.Value;
            if (header.Next() != PdfToken.Int) return false;
            if (header.Value < 0 || header.Value > data.Length - first) continue;
            var lexer = new PdfLexer(data.Span, first + header.Value);
            current.Read(ref lexer);
            actions.Examine(current, data.Span, number, isStream: false);
            if (actions.Found) return true;
        }
        return true;
    }

    // An object stream has to say how many objects it holds, and where the first one is.
    private bool IsNoObjectStream()
    {
        var type = streams.Dictionary.Find(0, PdfName.Type);
        return type < 0 || streams.Dictionary[type].Name != PdfName.ObjStm;
    }
}
