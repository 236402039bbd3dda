using PatientResponse.Infrastructure.Files.Checks;

namespace PatientResponse.Infrastructure.Files.Pdf;

/// <summary>Expands the streams that hold objects or cross-references; pages and pictures are never expanded.</summary>
internal sealed class PdfStreams(ReadOnlyMemory<byte> file, PdfObjects objects, CheckWork work)
{
    /// <summary>Of one expanded stream.</summary>
    private const int MaxBytes = 16 * 1024 * 1024;
    private const int MaxFilters = 8;
    private const int StreamSteps = 1_000;
    private static readonly PdfName[] Telling = [PdfName.Length, PdfName.Filter, PdfName.F, PdfName.DecodeParms, PdfName.DP, PdfName.N, PdfName.First, PdfName.W, PdfName.Index];
    private readonly Inflater inflater = new(work);
    private readonly PdfObject referred = new(work);

    /// <summary>The dictionary that was read last.</summary>
    public PdfObject Dictionary { get; } = new(work);

    /// <summary>What the stream holds; null when it cannot be looked into for certain.</summary>
    public ReadOnlyMemory<byte>? Expand(PdfPlace place)
    {
        work.Spend(StreamSteps);
        Read(Dictionary, place.Value);
        if (IsAmbiguous()) return null;
        var data = file[place.Data..Math.Max(place.DataEnd, EndByLength(place))];
        if (Filters() is not { } filters) return null;
        for (var i = 0; i < filters.Count; i++)
        {
            if (Parameters(i) is not { } parameters || PdfFilters.Expand(data, filters[i], parameters, MaxBytes, inflater, work) is not { } expanded) return null;
            data = expanded;
        }
        return data;
    }

    /// <summary>A key's number, also when it stands in an object of its own; null when it is none, or may be another.</summary>
    public int? Number(PdfName key)
    {
        var at = Dictionary.Find(0, key);
        if (at < 0) return null;
        if (Dictionary[at].Kind != PdfKind.Reference) return Dictionary.Number(0, key);
        return ReadReferred(Dictionary[at].Value) && referred[0].Kind == PdfKind.Int ? referred[0].Value : null;
    }

    /// <summary>A key that stands there twice: each viewer would take another one.</summary>
    private bool IsAmbiguous() => Telling.Any(key => Dictionary.Find(0, key) is >= 0 and var at && HasAfter(at, key));

    private bool HasAfter(int at, PdfName key)
    {
        for (var i = Dictionary[at].Next; i < Dictionary[0].Next; i = Dictionary[i].Next)
            if (Dictionary[i].Key == key) return true;
        return false;
    }

    // "endstream" may stand in the data. Then the length tells.
    private int EndByLength(PdfPlace place) =>
        Number(PdfName.Length) is >= 0 and var length && length <= file.Length - place.Data ? place.Data + length : 0;

    private List<PdfName>? Filters()
    {
        var (source, at) = Value(PdfName.Filter, PdfName.F);
        if (at < 0) return at == Missing ? [] : null;
        if (source[at].Kind == PdfKind.Name) return [source[at].Name];
        if (source[at].Kind != PdfKind.Array) return null;
        var names = new List<PdfName>();
        for (var i = at + 1; i < source[at].Next; i = source[i].Next)
        {
            if (source[i].Kind != PdfKind.Name || names.Count == MaxFilters) return null;
            names.Add(source[i].Name);
        }
        return names;
    }

    private PdfFilterParameters? Parameters(int filter)
    {
        var (source, at) = Value(PdfName.DecodeParms, PdfName.DP);
        if (at < 0) return at == Missing ? new() : null;
        if (source[at].Kind == PdfKind.Array)
        {
            var end = source[at].Next;
            for (at++; filter > 0 && at < end; filter--) at = source[at].Next;
            if (at >= end) return new();
            if (source[at].Kind == PdfKind.Reference)
            {
                if (ReferenceEquals(source, referred) || !ReadReferred(source[at].Value)) return null;
                (source, at) = (referred, 0);
            }
        }
        else if (filter > 0) return new();
        if (source[at].Kind == PdfKind.Other) return new();
        if (source[at].Kind != PdfKind.Dictionary) return null;
        for (var i = at + 1; i < source[at].Next; i = source[i].Next)
            if (source[i].Kind != PdfKind.Int && source[i].Key is >= PdfName.Predictor and <= PdfName.EarlyChange) return null;
        return new(
            source.Number(at, PdfName.Predictor) ?? 1, source.Number(at, PdfName.Colors) ?? 1, source.Number(at, PdfName.BitsPerComponent) ?? 8,
            source.Number(at, PdfName.Columns) ?? 1, source.Number(at, PdfName.EarlyChange) ?? 1);
    }

    private const int Missing = -1;
    private const int Unknown = -2;

    private (PdfObject Source, int At) Value(PdfName key, PdfName shortKey)
    {
        var at = Dictionary.Find(0, key);
        if (at < 0) at = Dictionary.Find(0, shortKey);
        if (at < 0 || Dictionary[at].Kind == PdfKind.Other) return (Dictionary, Missing);
        if (Dictionary[at].Kind != PdfKind.Reference) return (Dictionary, at);
        return ReadReferred(Dictionary[at].Value) ? (referred, 0) : (Dictionary, Unknown);
    }

    /// <summary>False where there is not exactly one such object.</summary>
    private bool ReadReferred(int number)
    {
        var places = objects.All(number).Take(2).ToList();
        if (places.Count != 1) return false;
        Read(referred, places[0].Value);
        return referred.Count > 0 && referred[0].Kind != PdfKind.Reference;
    }

    private void Read(PdfObject target, int at)
    {
        var lexer = new PdfLexer(file.Span, at);
        target.Read(ref lexer);
    }
}
