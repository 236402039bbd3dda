using System.Buffers;
using System.Runtime.CompilerServices;

namespace PatientResponse.Infrastructure.Files.Pdf;

internal enum PdfToken : byte
{
    End,
    Int,
    Real,
    Name,
    Literal,
    Hex,
    ArrayBegin,
    ArrayEnd,
    DictBegin,
    DictEnd,
    Word,
    Other,
}

/// <summary>
/// Cuts a PDF's bytes into tokens (ISO 32000-1, 7.2 and 7.3), so that what stands in a string or a comment is no name. Never
/// fails: what has no end ends with the bytes.
/// </summary>
internal ref struct PdfLexer(ReadOnlySpan<byte> bytes, int at)
{
    private const byte Space = 1, Delimiter = 2, Digit = 4, Letter = 8;
    private static readonly byte[] Classes = MakeClasses();
    private static readonly SearchValues<byte> Spaces = SearchValues.Create("\0\t\n\f\r "u8);
    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);
    private static readonly SearchValues<byte> Parentheses = SearchValues.Create("()\\"u8);

    private readonly ReadOnlySpan<byte> bytes = bytes;

    /// <summary>Where the next token is looked for.</summary>
    public int At = at;

    /// <summary>Of the last token; of strings and names, what is inside.</summary>
    public int Start;
    public int Length;

    /// <summary>The last token's value when it is an <see cref="PdfToken.Int"/>; those too large for any use are the largest.</summary>
    public int Value;

    /// <summary>Steps to pay for.</summary>
    public int Steps;

    public readonly ReadOnlySpan<byte> Text => bytes.Slice(Start, Length);

    public readonly PdfName Name => PdfNames.Find(Text);

    /// <summary>The next token inside an object.</summary>
    public PdfToken Next() => Next(isInside: true);

    /// <summary>The next token between objects, where a parenthesis begins no string.</summary>
    public PdfToken NextOutside() => Next(isInside: false);

    public readonly bool Is(ReadOnlySpan<byte> word) => Text.SequenceEqual(word);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private PdfToken Next(bool isInside)
    {
        var all = bytes;
        var (i, classes) = (At, Classes);
        Steps += 2;
        while (true)
        {
            for (var near = Math.Min(all.Length, i + 8); i < near && classes[all[i]] == Space;) i++;
            if (i < all.Length && classes[all[i]] == Space)
            {
                var behind = all[i..].IndexOfAnyExcept(Spaces);
                i = behind < 0 ? all.Length : i + behind;
            }
            if (i >= all.Length) return Token(PdfToken.End, all.Length, 0, all.Length);
            if (all[i] != '%') break;
            var end = all[i..].IndexOfAny(LineEnds);
            i = end < 0 ? all.Length : i + end;
            Steps += 2;
        }
        var (start, first) = (i, all[i]);
        var kind = classes[first];
        if ((kind & Digit) != 0) return Number(start);
        if (kind == Letter)
        {
            do i++;
            while (i < all.Length && classes[all[i]] == Letter);
            Steps += (i - start) / 4;
            return Token(PdfToken.Word, start, i - start, i);
        }
        switch (first)
        {
            case (byte)'/':
                do i++;
                while (i < all.Length && (classes[all[i]] & (Space | Delimiter)) == 0);
                Steps += (i - start) / 4;
                return Token(PdfToken.Name, start + 1, i - start - 1, i);
            case (byte)'(' when isInside:
                return Literal(start);
            case (byte)'<' when start + 1 < all.Length && all[start + 1] == '<':
                return Token(PdfToken.DictBegin, start, 2, start + 2);
            case (byte)'<' when isInside:
                var close = all[start..].IndexOf((byte)'>');
                var end = close < 0 ? all.Length : start + close;
                return Token(PdfToken.Hex, start + 1, end - start - 1, Math.Min(end + 1, all.Length));
            case (byte)'>' when start + 1 < all.Length && all[start + 1] == '>':
                return Token(PdfToken.DictEnd, start, 2, start + 2);
            case (byte)'[':
                return Token(PdfToken.ArrayBegin, start, 1, start + 1);
            case (byte)']':
                return Token(PdfToken.ArrayEnd, start, 1, start + 1);
            default:
                return Token(PdfToken.Other, start, 1, start + 1);
        }
    }

    private PdfToken Number(int start)
    {
        // "7.0" is as good as "7" to some viewers.
        var (i, value, isNegative, isReal, hasFraction) = (start, 0L, false, false, false);
        for (; i < bytes.Length && (Classes[bytes[i]] & Digit) != 0; i++)
        {
            var digit = bytes[i] - '0';
            if (digit is >= 0 and <= 9)
            {
                if (!isReal && value < int.MaxValue) value = value * 10 + digit;
                hasFraction |= isReal && digit > 0;
            }
            else
            {
                isReal |= bytes[i] == '.';
                isNegative |= bytes[i] == '-';
            }
        }
        var whole = (int)Math.Min(value, int.MaxValue);
        Value = isNegative ? -whole : whole;
        Steps += (i - start) / 4;
        return Token(hasFraction ? PdfToken.Real : PdfToken.Int, start, i - start, i);
    }

    private PdfToken Literal(int start)
    {
        var depth = 1;
        var i = start + 1;
        while (true)
        {
            var next = bytes[i..].IndexOfAny(Parentheses);
            if (next < 0) return Token(PdfToken.Literal, start + 1, bytes.Length - start - 1, bytes.Length);
            i += next + 1;
            Steps += 2;
            switch (bytes[i - 1])
            {
                case (byte)'\\':
                    i = Math.Min(i + 1, bytes.Length);
                    break;
                case (byte)'(':
                    depth++;
                    break;
                default:
                    if (--depth == 0) return Token(PdfToken.Literal, start + 1, i - start - 2, i);
                    break;
            }
        }
    }

    private PdfToken Token(PdfToken token, int start, int length, int next)
    {
        (Start, Length, At) = (start, length, next);
        return token;
    }

    private static byte[] MakeClasses()
    {
        var classes = new byte[256];
        foreach (var space in "\0\t\n\f\r "u8) classes[space] = Space;
        foreach (var delimiter in "()<>[]{}/%"u8) classes[delimiter] = Delimiter;
        foreach (var digit in "0123456789+-."u8) classes[digit] = Digit;
        for (var letter = 'A'; letter <= 'Z'; letter++) classes[letter] = classes[letter | 0x20] = Letter;
        return classes;
    }
}
