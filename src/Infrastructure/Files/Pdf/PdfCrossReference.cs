using PatientResponse.Infrastructure.Files.Checks;

namespace PatientResponse.Infrastructure.Files.Pdf;

/// <summary>
/// Follows a file's cross-references (ISO 32000-1, 7.5.4 to 7.5.8): tables, streams, both together, and those of earlier
/// revisions. Each object that they name is read where they say that it is.
/// </summary>
internal sealed class PdfCrossReference(ReadOnlyMemory<byte> file, PdfObjects objects, PdfStreams streams, CheckWork work)
{
    // Viewers look for it so far from the end; some further.
    private const int NearEnd = 1024;
    private const int MaxContainers = 50_000;
    private readonly HashSet<int> seen = [];
    private readonly Stack<int> pending = [];
    private readonly PdfObject trailer = new(work);

    /// <summary>Numbers of the streams in which objects are said to be.</summary>
    public HashSet<int> Containers { get; } = [];

    /// <summary>False where a viewer may give up and search the file for objects.</summary>
    public bool ReadAll(int start)
    {
        var last = file.Span.LastIndexOf("startxref"u8);
        if (last < 0 || start > 0) return false;
        var lexer = new PdfLexer(file.Span, last + "startxref".Length);
        if (lexer.Next() != PdfToken.Int) return false;
        pending.Push(lexer.Value);
        var (isSound, hasRoot) = (last >= file.Length - NearEnd, false);
        while (isSound && pending.TryPop(out var at))
        {
            work.Spend(100);
            if (!seen.Add(at)) continue;
            isSound = ReadSection(at);
            hasRoot |= isSound && trailer.Has(0, PdfName.Root);
        }
        return isSound && hasRoot;
    }

    private bool ReadSection(int at)
    {
        if (at <= 0 || at >= file.Length) return false;
        var lexer = new PdfLexer(file.Span, at);
        return lexer.NextOutside() switch
        {
            PdfToken.Word when lexer.Is("xref"u8) => ReadTable(ref lexer) && Continue(),
            PdfToken.Int => ReadStream(at) && Continue(),
            _ => false,
        };
    }

    private bool Continue()
    {
        foreach (var key in (ReadOnlySpan<PdfName>)[PdfName.Prev, PdfName.XRefStm])
        {
            if (!trailer.Has(0, key)) continue;
            if (trailer.Number(0, key) is not { } next) return false;
            pending.Push(next);
        }
        return true;
    }

    private bool ReadTable(ref PdfLexer lexer)
    {
        while (true)
        {
            var token = lexer.NextOutside();
            if (token == PdfToken.Word && lexer.Is("trailer"u8)) break;
            if (token != PdfToken.Int) return false;
            var first = lexer.Value;
            if (lexer.NextOutside() != PdfToken.Int) return false;
            for (var left = lexer.Value; left > 0; left--, first++)
            {
                work.Spend(8);
                var before = lexer;
                if (lexer.NextOutside() != PdfToken.Int)
                {
                    // Fewer lines than it says, as some programs write.
                    lexer = before;
                    break;
                }
                var at = lexer.Value;
                if (lexer.NextOutside() != PdfToken.Int || lexer.NextOutside() != PdfToken.Word) return false;
                if (lexer.Is("n"u8) ? !Visit(first, at) : !lexer.Is("f"u8)) return false;
            }
        }
        var behind = lexer;
        objects.ReadTrailer(ref behind);
        trailer.Read(ref lexer);
        return trailer.IsDictionary && !trailer.IsMalformed;
    }

    private bool Visit(int number, int at) => objects.ReadAt(at) == number;

    private bool ReadStream(int at)
    {
        if (objects.ReadAt(at) is null) return false;
        var lexer = new PdfLexer(file.Span, at);
        lexer.Next();
        if (objects.Find(lexer.Start) is not { IsStream: true } place || streams.Expand(place) is not { } data) return false;
        var dictionary = streams.Dictionary;
        if (Widths(dictionary) is not { } widths) return false;
        var sections = Sections(dictionary);
        objects.Trailers.Add(place.Value);
        lexer = new PdfLexer(file.Span, place.Value);
        trailer.Read(ref lexer);
        return ReadEntries(data.Span, widths, sections);
    }

    private bool ReadEntries(ReadOnlySpan<byte> data, int[] widths, List<(int First, int Count)> sections)
    {
        var entry = widths.Sum();
        foreach (var (first, count) in sections)
        {
            for (var i = 0; i < count && data.Length >= entry; i++, data = data[entry..])
            {
                work.Spend(8);
                var type = widths[0] == 0 ? 1 : Field(data[..widths[0]]);
                var second = Field(data.Slice(widths[0], widths[1]));
                if (type == 1 && !Visit(first + i, second)) return false;
                if (type != 2) continue;
                Containers.Add(second);
                if (Containers.Count > MaxContainers) throw new TooMuchWorkException();
            }
        }
        return true;
    }

    private static int Field(ReadOnlySpan<byte> bytes)
    {
        var value = 0L;
        foreach (var part in bytes) value = Math.Min(int.MaxValue, value * 256 + part);
        return (int)value;
    }

    private static int[]? Widths(PdfObject dictionary)
    {
        if (Numbers(dictionary, PdfName.W) is not { Count: >= 3 } widths || widths.Any(width => width is < 0 or > 8)) return null;
        return widths.Sum() == 0 ? null : [.. widths];
    }

    private static List<(int First, int Count)> Sections(PdfObject dictionary)
    {
        if (Numbers(dictionary, PdfName.Index) is { } index) return [.. index.Chunk(2).Where(pair => pair.Length == 2).Select(pair => (pair[0], pair[1]))];
        return [(0, dictionary.Number(0, PdfName.Size) ?? int.MaxValue)];
    }

    private static List<int>? Numbers(PdfObject dictionary, PdfName key)
    {
        var at = dictionary.Find(0, key);
        if (at < 0 || dictionary[at].Kind != PdfKind.Array) return null;
        var numbers = new List<int>();
        for (var i = at + 1; i < dictionary[at].Next; i = dictionary[i].Next) numbers.Add(dictionary[i].Value);
        return numbers;
    }
}
