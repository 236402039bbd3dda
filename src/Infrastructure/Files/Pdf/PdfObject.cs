using PatientResponse.Infrastructure.Files.Checks;

namespace PatientResponse.Infrastructure.Files.Pdf;

internal enum PdfKind : byte
{
    Other,
    Int,
    Name,
    Literal,
    Hex,
    Reference,
    Array,
    Dictionary,
}

/// <summary>
/// A value and everything in it, one after the other. Start: where it stands, of strings what is inside. Value: the number, the
/// object referred to, the string's length. Next: the place behind it and everything in it.
/// </summary>
internal record struct PdfItem(PdfKind Kind, PdfName Key, PdfName Name, int Start, int Value, int Next);

/// <summary>One object, read into a flat list that is used again for the next. Depth and length are limited.</summary>
internal sealed class PdfObject(CheckWork work)
{
    private const int MaxItems = 500_000;
    private const int MaxDepth = 500;

    private readonly Frame[] frames = new Frame[MaxDepth];
    private PdfItem[] items = new PdfItem[1024];
    private int depth;

    private struct Frame
    {
        public int Item;
        public bool IsDictionary, HasOwnKeys, HasKey;
        public PdfName Key;
        public int Ints;
    }

    public int Count { get; private set; }

    /// <summary>It ended in the middle, or what opened was closed by something else.</summary>
    public bool IsMalformed { get; private set; }

    public ref PdfItem this[int index] => ref items[index];

    public bool IsDictionary => Count > 0 && items[0].Kind == PdfKind.Dictionary;

    /// <summary>The first value of a key of a dictionary; -1 when there is none.</summary>
    public int Find(int dictionary, PdfName key)
    {
        for (var i = dictionary + 1; i < items[dictionary].Next; i = items[i].Next)
            if (items[i].Key == key) return i;
        return -1;
    }

    public bool Has(int dictionary, PdfName key) => Find(dictionary, key) >= 0;

    /// <summary>A key's number; null when it has none.</summary>
    public int? Number(int dictionary, PdfName key) =>
        Find(dictionary, key) is >= 0 and var at && items[at].Kind == PdfKind.Int ? items[at].Value : null;

    /// <summary>Reads one value. Leaves the lexer behind it, or before the word that ends an object in the middle.</summary>
    public void Read(ref PdfLexer lexer)
    {
        var from = lexer.At;
        lexer.Steps = 0;
        (Count, depth, IsMalformed) = (0, 0, false);
        frames[0] = default;
        while (TakeNext(ref lexer))
        {
            if (lexer.Steps < 100_000) continue;
            work.Spend(lexer.Steps);
            lexer.Steps = 0;
        }
        IsMalformed |= depth > 0 || Count == 0;
        for (; depth > 0; depth--) items[frames[depth].Item].Next = Count;
        work.Spend(lexer.Steps + (lexer.At - from) / 64 + 4);
    }

    /// <summary>False when the value is complete, or cannot be.</summary>
    private bool TakeNext(ref PdfLexer lexer)
    {
        var before = lexer.At;
        ref var frame = ref frames[depth];
        switch (lexer.Next())
        {
            case PdfToken.Name when frame is { IsDictionary: true, HasKey: false }:
                frame.Key = frame.HasOwnKeys ? PdfName.None : lexer.Name;
                (frame.HasKey, frame.Ints) = (true, 0);
                return true;
            case PdfToken.Name:
                return Add(new(PdfKind.Name, default, lexer.Name, lexer.Start, lexer.Length, 0));
            case PdfToken.Int:
                if (!Add(new(PdfKind.Int, default, default, lexer.Start, lexer.Value, 0))) return CompleteReference(ref lexer);
                frames[depth].Ints++;
                return true;
            case PdfToken.Literal:
                return Add(new(PdfKind.Literal, default, default, lexer.Start, lexer.Length, 0));
            case PdfToken.Hex:
                return Add(new(PdfKind.Hex, default, default, lexer.Start, lexer.Length, 0));
            case PdfToken.Word when frame.Ints >= 2 && lexer.Is("R"u8):
                Refer(ref frame);
                return true;
            case PdfToken.Word when EndsObject(ref lexer):
                lexer.At = before;
                IsMalformed = true;
                return false;
            case PdfToken.Real or PdfToken.Word:
                return Add(new(PdfKind.Other, default, default, lexer.Start, 0, 0));
            case PdfToken.ArrayBegin:
                return Open(PdfKind.Array, lexer.Start);
            case PdfToken.DictBegin:
                return Open(PdfKind.Dictionary, lexer.Start);
            case PdfToken.ArrayEnd:
                return Close(PdfKind.Array);
            case PdfToken.DictEnd:
                return Close(PdfKind.Dictionary);
            case PdfToken.End:
                IsMalformed = true;
                return false;
            default:
                IsMalformed = true;
                return depth > 0;
        }
    }

    private static bool EndsObject(ref PdfLexer lexer) =>
        lexer.Is("endobj"u8) || lexer.Is("obj"u8) || lexer.Is("stream"u8) || lexer.Is("endstream"u8) || lexer.Is("xref"u8) || lexer.Is("trailer"u8) || lexer.Is("startxref"u8);

    /// <summary>False when that was the whole value.</summary>
    private bool Add(PdfItem item)
    {
        if (Count == MaxItems) throw new TooMuchWorkException();
        if (Count == items.Length) Array.Resize(ref items, Math.Min(MaxItems, Count * 2));
        ref var frame = ref frames[depth];
        item.Key = frame.HasKey ? frame.Key : PdfName.None;
        item.Next = Count + 1;
        (frame.HasKey, frame.Ints) = (false, item.Kind == PdfKind.Int ? frame.Ints : 0);
        items[Count++] = item;
        return depth > 0;
    }

    private bool Open(PdfKind kind, int start)
    {
        Add(new(kind, default, default, start, 0, 0));
        var outer = depth == 0 ? PdfName.None : items[frames[depth].Item].Key;
        if (++depth == MaxDepth) throw new TooMuchWorkException();
        var key = items[Count - 1].Key;
        frames[depth] = new() { Item = Count - 1, IsDictionary = kind == PdfKind.Dictionary, HasOwnKeys = key is >= PdfName.Font and <= PdfName.Colorants || outer == PdfName.AP };
        return true;
    }

    private bool Close(PdfKind kind)
    {
        // Closes what it can close; whatever was left open inside ends with it.
        var match = depth;
        while (match > 0 && items[frames[match].Item].Kind != kind) match--;
        IsMalformed |= match != depth;
        if (match == 0) return depth > 0;
        for (; depth >= match; depth--)
        {
            ref var frame = ref frames[depth];
            if (frame.HasKey) Add(default);
            items[frame.Item].Next = Count;
        }
        return depth > 0;
    }

    // "5 0 R" is known by its end only.
    private void Refer(ref Frame frame)
    {
        Count--;
        ref var item = ref items[Count - 1];
        (item.Kind, item.Next, frame.Ints) = (PdfKind.Reference, Count, 0);
    }

    private bool CompleteReference(ref PdfLexer lexer)
    {
        var after = lexer;
        if (after.Next() == PdfToken.Int && after.Next() == PdfToken.Word && after.Is("R"u8))
        {
            items[0].Kind = PdfKind.Reference;
            lexer.At = after.At;
        }
        return false;
    }
}
