using System.Buffers;
using System.Text;
using PatientResponse.Infrastructure.Files.Checks;

namespace PatientResponse.Infrastructure.Files.Word;

/// <summary>
/// Reads an XML part, stretch by stretch, for fields and for sources of data (ECMA-376 part 1, 17.14 and 17.16). Not XmlReader:
/// it holds an attribute whole, however long, and is slow; this holds one word. Names count whatever their prefix.
/// </summary>
internal sealed class OfficeXml(CheckWork work) : IExpanded
{
    private const int LongestName = 64;
    private const int TagSteps = 8;
    private static readonly SearchValues<byte> TagEnds = SearchValues.Create("\"'>"u8);
    private readonly FieldStack fields = new();
    private readonly byte[] name = new byte[LongestName];
    private readonly byte[] attribute = new byte[LongestName];
    private readonly byte[] value = new byte[LongestName];
    private readonly XmlEncoding encoding = new();
    private int nameLength;
    private int attributeLength;
    private int valueLength;
    private State state;
    private Element element;
    private Element textOf;
    private byte quote;
    private bool isInMailMerge;
    private bool hasFieldType;
    private bool isCode;
    private bool isFetching;
    private string skippedUntil = "";
    private int skipMatched;
    private readonly byte[] entity = new byte[12];
    private int entityLength = -1;
    private bool isEndTag;
    private int letters;

    private enum State : byte { Text, Name, Tag, Value, Skipped }

    private enum Element : byte { Other, FieldCode, FieldMark, SimpleField, Picture }

    /// <summary>A document type was declared: it may make text stand for other text. No document of ours has one.</summary>
    public bool HasDocumentType { get; private set; }

    /// <summary>A field or a source of data fetches something or runs something, or it cannot be known.</summary>
    public bool IsActive
    {
        get
        {
            fields.Finish();
            return fields.IsActive || isFetching || encoding.IsUnknown;
        }
    }

    public bool Take(ReadOnlySpan<byte> bytes)
    {
        work.Spend(bytes.Length / 64);
        var chars = ArrayPool<byte>.Shared.Rent(bytes.Length + 4);
        Read(encoding.Decode(bytes, chars));
        ArrayPool<byte>.Shared.Return(chars, clearArray: true);
        work.Spend(letters);
        letters = 0;
        return !HasDocumentType;
    }

    private void Read(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            // Most of it is of no interest: skip to what can change that.
            var next = state switch
            {
                State.Text => textOf == Element.FieldCode && fields.WantsLetters ? 0 : text.IndexOf((byte)'<'),
                State.Tag => element == Element.Other ? text.IndexOfAny(TagEnds) : 0,
                State.Value => element == Element.Other ? text.IndexOf(quote) : 0,
                State.Skipped => textOf == Element.FieldCode ? 0 : text.IndexOfAny((byte)skippedUntil[0], (byte)skippedUntil[^1]),
                _ => 0,
            };
            if (next < 0)
            {
                if (state == State.Skipped) skipMatched = 0;
                return;
            }
            if (next > 0 && state == State.Skipped) skipMatched = 0;
            letters++;
            Take(text[next]);
            text = text[(next + 1)..];
        }
    }

    private void Take(byte letter)
    {
        switch (state)
        {
            case State.Text:
                if (letter == '<') BeginTag();
                else FeedText(letter);
                break;
            case State.Name:
                TakeInName(letter);
                break;
            case State.Tag:
                TakeInTag(letter);
                break;
            case State.Value:
                if (letter == quote) EndValue();
                else FeedValue(letter);
                break;
            default:
                Skip(letter);
                break;
        }
    }

    private void BeginTag()
    {
        work.Spend(TagSteps);
        (state, nameLength, isEndTag, element, entityLength) = (State.Name, 0, false, Element.Other, -1);
    }

    private void TakeInName(byte letter)
    {
        if (letter is (byte)'>' or (byte)'"' or (byte)'\'' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' || (letter == '/' && nameLength > 0))
        {
            element = Find();
            (state, attributeLength, hasFieldType) = (State.Tag, 0, false);
            TakeInTag(letter);
            return;
        }
        if (letter == '/') isEndTag = true;
        // Only what stands behind the prefix counts, however long that is.
        else if (letter == ':') nameLength = 0;
        else if (nameLength < LongestName) name[nameLength++] = letter;
        if (nameLength == 0 || name[0] is not ((byte)'!' or (byte)'?')) return;
        var begun = name.AsSpan(0, nameLength);
        if (begun.SequenceEqual("?"u8)) BeginSkipping("?>");
        else if (begun.SequenceEqual("!--"u8)) BeginSkipping("-->");
        else if (begun.SequenceEqual("![CDATA["u8)) BeginSkipping("]]>");
        else if (!"!--"u8.StartsWith(begun) && !"![CDATA["u8.StartsWith(begun)) HasDocumentType = true;
    }

    private void BeginSkipping(string until) => (state, skippedUntil, skipMatched) = (State.Skipped, until, 0);

    private Element Find()
    {
        var local = name.AsSpan(0, nameLength);
        // Text inside a code's element is its own up to the next tag, whichever that is.
        textOf = Element.Other;
        if (local.SequenceEqual("mailMerge"u8)) isInMailMerge = !isEndTag;
        if (isEndTag) return Element.Other;
        if (local.SequenceEqual("instrText"u8) || local.SequenceEqual("delInstrText"u8)) textOf = Element.FieldCode;
        isFetching |= isInMailMerge && (local.SequenceEqual("dataSource"u8) || local.SequenceEqual("headerSource"u8) || local.SequenceEqual("connectString"u8) || local.SequenceEqual("query"u8));
        return local.SequenceEqual("fldChar"u8) ? Element.FieldMark
            : local.SequenceEqual("fldSimple"u8) ? Element.SimpleField
            : local.SequenceEqual("imagedata"u8) || local.SequenceEqual("fill"u8) || local.SequenceEqual("stroke"u8) ? Element.Picture
            : Element.Other;
    }

    private void TakeInTag(byte letter)
    {
        switch (letter)
        {
            case (byte)'>':
                if (element == Element.FieldMark && !hasFieldType) fields.Begin();
                state = State.Text;
                break;
            case (byte)'"' or (byte)'\'':
                (state, quote, valueLength, entityLength) = (State.Value, letter, 0, -1);
                isCode = element == Element.SimpleField && IsAttribute("instr"u8);
                if (isCode) fields.Begin();
                break;
            case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'=':
                break;
            case (byte)':':
                attributeLength = 0;
                break;
            default:
                if (attributeLength < LongestName) attribute[attributeLength++] = letter;
                break;
        }
    }

    private bool IsAttribute(ReadOnlySpan<byte> local) => attribute.AsSpan(0, attributeLength).SequenceEqual(local);

    private void FeedValue(byte letter)
    {
        if (Decoded(letter) is not { } plain) return;
        if (isCode) fields.Feed(plain);
        else if (valueLength < LongestName) value[valueLength++] = plain;
    }

    private void EndValue()
    {
        state = State.Tag;
        var text = value.AsSpan(0, valueLength);
        if (element == Element.FieldMark && IsAttribute("fldCharType"u8))
        {
            hasFieldType = true;
            var type = Encoding.ASCII.GetString(text).Trim();
            if (type == "separate") fields.Separate();
            else if (type == "end") fields.End();
            else fields.Begin();
        }
        else if (isCode) fields.End();
        else if (element == Element.Picture && IsAttribute("src"u8)) isFetching |= text.IndexOf("://"u8) >= 0 || text.StartsWith(@"\\"u8);
        (attributeLength, isCode) = (0, false);
    }

    private void FeedText(byte letter)
    {
        if (Decoded(letter) is { } plain) fields.Feed(plain);
    }

    /// <summary>A letter, also one that was written as a number; null inside of such.</summary>
    private byte? Decoded(byte letter)
    {
        if (entityLength < 0)
        {
            if (letter != '&') return letter;
            entityLength = 0;
            return null;
        }
        if (letter != ';')
        {
            if (entityLength < entity.Length) entity[entityLength++] = letter;
            return null;
        }
        var plain = XmlEncoding.Character(entity.AsSpan(0, entityLength));
        entityLength = -1;
        return plain;
    }

    private void Skip(byte letter)
    {
        if (textOf == Element.FieldCode && skippedUntil == "]]>") fields.Feed(letter);
        // "--->" and "]]]>" end as well.
        skipMatched = letter == skippedUntil[skipMatched] ? skipMatched + 1
            : skipMatched == skippedUntil.Length - 1 && letter == skippedUntil[0] ? skipMatched
            : letter == skippedUntil[0] ? 1 : 0;
        if (skipMatched < skippedUntil.Length) return;
        state = State.Text;
    }
}
