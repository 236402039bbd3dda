using PatientResponse.Infrastructure.Files.Checks;

namespace PatientResponse.Infrastructure.Files.Pdf;

/// <summary>
/// An object in the file: where "7 0 obj" begins, and its value. A stream's data begins at Data and was found to end at DataEnd;
/// both are -1 where there is none.
/// </summary>
internal readonly record struct PdfPlace(int Number, int At, int Value, int Data = -1, int DataEnd = -1)
{
    public bool IsStream => Data >= 0;
}

/// <summary>
/// Finds a file's objects, whether a cross-reference names them or not: old revisions too, and what a viewer would find that
/// rebuilds a damaged file. What is inside strings, comments and streams is no object, unless something says so.
/// </summary>
internal sealed class PdfObjects(ReadOnlyMemory<byte> file, CheckWork work, Action<PdfObject, PdfPlace> found)
{
    private const int NoNumber = -1;
    // Line ends and spaces may stand between the data and its end.
    private const int EndWordBytes = 32;
    private readonly PdfObject current = new(work);
    private readonly HashSet<int> extra = [];
    private readonly HashSet<int> trailers = [];
    private int inOrder;
    private bool noMoreStreamEnds;

    /// <summary>In the file's order, then those that <see cref="ReadAt"/> found elsewhere.</summary>
    public List<PdfPlace> Places { get; } = [];

    /// <summary>Where the dictionaries behind "trailer" begin.</summary>
    public List<int> Trailers { get; } = [];

    /// <summary>There is something at which a viewer may decide to search the whole file for objects.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>The objects that a reader of the whole file meets one after the other.</summary>
    public void ReadAll()
    {
        var lexer = new PdfLexer(file.Span, 0);
        var (first, number, ints) = (0, 0, 0);
        var (second, at) = (0, 0);
        for (var token = lexer.NextOutside(); token != PdfToken.End; token = lexer.NextOutside())
        {
            if (lexer.Steps > 10_000) Pay(ref lexer);
            if (token == PdfToken.Int)
            {
                (at, number, second, first) = (second, first, lexer.Start, lexer.Value);
                ints++;
                continue;
            }
            if (token == PdfToken.Word)
            {
                if (ints >= 2 && lexer.Is("obj"u8)) ReadObject(ref lexer, number, at);
                else if (lexer.Is("trailer"u8)) ReadTrailer(ref lexer);
                else if (lexer.Is("stream"u8)) SkipStrayStream(ref lexer);
            }
            ints = 0;
        }
        Pay(ref lexer);
        inOrder = Places.Count;
    }

    /// <summary>The dictionary behind "trailer": the document itself may stand in it.</summary>
    public void ReadTrailer(ref PdfLexer lexer)
    {
        Pay(ref lexer);
        var place = new PdfPlace(NoNumber, lexer.Start, lexer.At);
        if (!trailers.Add(place.Value)) return;
        current.Read(ref lexer);
        IsDamaged |= current.IsMalformed;
        Trailers.Add(place.Value);
        found(current, place);
    }

    /// <summary>The object that a cross-reference says is there; null when there is none.</summary>
    public int? ReadAt(int at)
    {
        work.Spend(10);
        if (at < 0 || at >= file.Length) return null;
        var lexer = new PdfLexer(file.Span, at);
        var isNumber = lexer.NextOutside() == PdfToken.Int;
        work.Spend((lexer.At - at) / 64);
        if (!isNumber) return null;
        var (start, number) = (lexer.Start, lexer.Value);
        if (Find(start) is { } known) return known.Number;
        var isObject = lexer.NextOutside() == PdfToken.Int && lexer.NextOutside() == PdfToken.Word && lexer.Is("obj"u8);
        work.Spend((lexer.At - at) / 64);
        if (!isObject) return null;
        if (extra.Add(start)) ReadObject(ref lexer, number, start);
        return number;
    }

    /// <summary>Whatever looks like the beginning of an object or a trailer, wherever it stands.</summary>
    public void ReadEverywhere()
    {
        var bytes = file.Span;
        for (var at = 0; bytes[at..].IndexOf("obj"u8) is >= 0 and var next;)
        {
            work.Spend(4 + next / 64);
            at += next + 3;
            if (StartOf(bytes, at - 3) is { } start) ReadAt(start);
        }
        for (var at = 0; bytes[at..].IndexOf("trailer"u8) is >= 0 and var next;)
        {
            work.Spend(4 + next / 64);
            at += next + "trailer"u8.Length;
            var lexer = new PdfLexer(bytes, at);
            ReadTrailer(ref lexer);
        }
    }

    /// <summary>All revisions of an object that stand in the file itself.</summary>
    public IEnumerable<PdfPlace> All(int number)
    {
        work.Spend(Places.Count / 8);
        return Places.Where(place => place.Number == number);
    }

    public PdfPlace? Find(int at)
    {
        var (low, high) = (0, inOrder - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (Places[middle].At == at) return Places[middle];
            if (Places[middle].At < at) low = middle + 1;
            else high = middle - 1;
        }
        if (!extra.Contains(at)) return null;
        work.Spend((Places.Count - inOrder) / 8);
        for (var i = inOrder; i < Places.Count; i++) if (Places[i].At == at) return Places[i];
        return null;
    }

    private void ReadObject(ref PdfLexer lexer, int number, int at)
    {
        Pay(ref lexer);
        var value = lexer.At;
        current.Read(ref lexer);
        IsDamaged |= current.IsMalformed;
        var place = new PdfPlace(number, at, value);
        var after = lexer;
        if (current.IsDictionary && after.NextOutside() == PdfToken.Word && after.Is("stream"u8))
        {
            var data = DataStart(after.At);
            var end = DataEnd(data);
            place = place with { Data = data, DataEnd = end };
            lexer.At = end;
        }
        Places.Add(place);
        found(current, place);
    }

    private int DataStart(int at)
    {
        var bytes = file.Span[at..];
        var spaces = bytes.IndexOfAnyExcept((byte)' ');
        if (spaces >= 0 && bytes[spaces] is (byte)'\r' or (byte)'\n') at += spaces;
        bytes = file.Span[at..];
        return at + (bytes.StartsWith("\r\n"u8) ? 2 : bytes.StartsWith("\n"u8) || bytes.StartsWith("\r"u8) ? 1 : 0);
    }

    /// <summary>By the length that it says when the end is there, otherwise by the next "endstream".</summary>
    private int DataEnd(int data)
    {
        if (current.Number(0, PdfName.Length) is >= 0 and var length && length <= file.Length - data && EndsAt(data + length)) return data + length;
        IsDamaged |= current.Find(0, PdfName.Length) is var at && (at < 0 || current[at].Kind != PdfKind.Reference);
        return SearchEnd(data);
    }

    private bool EndsAt(int at)
    {
        var lexer = new PdfLexer(file.Span[..Math.Min(file.Length, at + EndWordBytes)], at);
        return lexer.NextOutside() == PdfToken.Word && (lexer.Is("endstream"u8) || lexer.Is("endobj"u8));
    }

    private int SearchEnd(int data)
    {
        var end = noMoreStreamEnds ? -1 : file.Span[data..].IndexOf("endstream"u8);
        work.Spend((end < 0 ? file.Length - data : end) / 64);
        if (end >= 0) return data + end;
        (noMoreStreamEnds, IsDamaged) = (true, true);
        return file.Length;
    }

    // Data without a dictionary in front: whatever looks like a token in it is none.
    private void SkipStrayStream(ref PdfLexer lexer)
    {
        IsDamaged = true;
        if (!noMoreStreamEnds) lexer.At = SearchEnd(lexer.At);
    }

    /// <summary>Where the two numbers in front of "obj" begin.</summary>
    private static int? StartOf(ReadOnlySpan<byte> bytes, int at)
    {
        var end = bytes[..at].TrimEnd(Spaces);
        var generation = end.TrimEnd(Digits);
        var middle = generation.TrimEnd(Spaces);
        var number = middle.TrimEnd(Digits);
        return generation.Length < end.Length && middle.Length < generation.Length && number.Length < middle.Length ? number.Length : null;
    }

    private static ReadOnlySpan<byte> Spaces => "\0\t\n\f\r "u8;

    private static ReadOnlySpan<byte> Digits => "0123456789.+-"u8;

    private void Pay(ref PdfLexer lexer)
    {
        work.Spend(lexer.Steps);
        lexer.Steps = 0;
    }
}
