using System.Globalization;
using System.Text;

namespace PatientResponse.Infrastructure.Files;

/// <summary>
/// Reads the field codes of one XML part (instrText and fldSimple of ECMA-376 part 1, 17.16). Not XmlReader: it holds an
/// attribute whole, however long; this holds one word.
/// </summary>
internal sealed class DocxFields
{
    private const int LongestName = 64;
    private readonly FieldWords words = new();
    private readonly StringBuilder name = new(LongestName);
    private readonly StringBuilder entity = new(LongestName);
    private string? skippedUntil;
    private int skipMatched;
    private bool skippedIsCode;
    private bool inTag;
    private bool inName;
    private char quote;
    private bool inCode;
    private bool inEntity;

    /// <summary>Reads to the end; true where a field starts a program or fetches a document.</summary>
    public static bool AnyActive(Stream part)
    {
        using var text = new StreamReader(part, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        var fields = new DocxFields();
        var buffer = new char[16 * 1024];
        for (int read; (read = text.Read(buffer)) > 0;) fields.Read(buffer.AsSpan(0, read));
        fields.words.End();
        return fields.words.Active;
    }

    private void Read(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            // Most of it is of no interest: skip to what can change that.
            var next = skippedUntil is not null || inName || (quote == 0 ? inCode && !inTag : IsFieldTag) ? 0
                : quote != 0 ? text.IndexOf(quote)
                : inTag ? text.IndexOfAny('"', '\'', '>')
                : text.IndexOf('<');
            if (next < 0) return;
            Take(text[next]);
            text = text[(next + 1)..];
        }
    }

    private bool IsFieldTag => IsNamed("fldSimple");

    private void Take(char value)
    {
        if (skippedUntil is not null) Skip(value);
        else if (inName) TakeInName(value);
        else if (quote != 0) TakeInQuotes(value);
        else if (inTag) TakeInTag(value);
        else if (value == '<') BeginTag();
        else if (inCode) Feed(value);
    }

    private void BeginTag()
    {
        (inTag, inName) = (true, true);
        name.Clear();
    }

    private void TakeInName(char value)
    {
        if (value is not ('>' or '"' or '\'') && !char.IsWhiteSpace(value))
        {
            if (value != '\0' && name.Length < LongestName) name.Append(value);
            (skippedUntil, skippedIsCode) = name.ToString() switch
            {
                "!--" => ("-->", false),
                "![CDATA[" => ("]]>", inCode),
                "?" => ("?>", false),
                _ => (null, false),
            };
            if (skippedUntil is not null) (inTag, inName, skipMatched) = (false, false, 0);
            return;
        }
        inName = false;
        TakeInTag(value);
    }

    private void TakeInTag(char value)
    {
        if (value is '"' or '\'')
        {
            quote = value;
            words.End();
        }
        else if (value == '>') EndTag();
    }

    private void TakeInQuotes(char value)
    {
        if (value != quote) Feed(value);
        else
        {
            quote = '\0';
            words.End();
        }
    }

    private void EndTag()
    {
        inTag = false;
        inCode = (IsNamed("instrText") || IsNamed("delInstrText")) && name[0] != '/';
        // One field's code may be cut into many runs; where a field begins or ends, a word does.
        if (IsNamed("fldChar")) words.End();
    }

    private bool IsNamed(string element)
    {
        var length = name.Length > 0 && name[^1] == '/' ? name.Length - 1 : name.Length;
        var start = length - element.Length;
        return start >= 0 && (start == 0 || name[start - 1] is ':' or '/') && name.ToString(start, element.Length) == element;
    }

    private void Skip(char value)
    {
        if (skippedIsCode) Feed(value);
        if (value == '\0') return;
        var end = skippedUntil!;
        // "--->" and "]]]>" end as well.
        skipMatched = value == end[skipMatched] ? skipMatched + 1
            : skipMatched == end.Length - 1 && value == end[0] ? skipMatched
            : value == end[0] ? 1 : 0;
        if (skipMatched == end.Length) skippedUntil = null;
    }

    private void Feed(char value)
    {
        if (inEntity)
        {
            if (value == ';')
            {
                inEntity = false;
                words.Feed(Character(entity.ToString()));
            }
            else if (entity.Length < LongestName) entity.Append(value);
        }
        else if (value == '&' && !skippedIsCode)
        {
            inEntity = true;
            entity.Clear();
        }
        else words.Feed(value);
    }

    /// <summary>Named ones are punctuation.</summary>
    private static char Character(string entity)
    {
        var parsed = entity.StartsWith("#x", StringComparison.Ordinal)
            ? int.TryParse(entity.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            : int.TryParse(entity.AsSpan(Math.Min(1, entity.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out number);
        return parsed && number is > 0 and <= char.MaxValue ? (char)number : ' ';
    }
}
