namespace PatientResponse.Infrastructure.Files.Word;

/// <summary>
/// The names of fields (ECMA-376 part 1, 17.16.5, and those of older versions of Word) that show what the document itself
/// holds, or wait for a click. All others count: they start programs, load files and pictures from elsewhere (DDE, LINK,
/// INCLUDEPICTURE), spell out other fields in numbers (QUOTE), or are not known.
/// </summary>
internal static class FieldWords
{
    private static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase)
    {
        "", "=", "ADDIN", "ADDRESSBLOCK", "ADVANCE", "ASK", "AUTHOR", "AUTONUM", "AUTONUMLGL", "AUTONUMOUT", "AUTOTEXT", "AUTOTEXTLIST",
        "BARCODE", "BIBLIOGRAPHY", "BIDIOUTLINE", "CITATION", "COMMENTS", "COMPARE", "CREATEDATE", "DATE", "DISPLAYBARCODE", "DOCPROPERTY",
        "DOCVARIABLE", "EDITTIME", "EMBED", "EQ", "FILENAME", "FILESIZE", "FILLIN", "FORMCHECKBOX", "FORMDROPDOWN", "FORMTEXT", "FTNREF",
        "GLOSSARY", "GOTOBUTTON", "GREETINGLINE", "HYPERLINK", "IF", "INDEX", "INFO", "KEYWORDS", "LASTSAVEDBY", "LISTNUM", "MACROBUTTON",
        "MERGEBARCODE", "MERGEFIELD", "MERGEREC", "MERGESEQ", "NEXT", "NEXTIF", "NOTEREF", "NUMCHARS", "NUMPAGES", "NUMWORDS", "PAGE",
        "PAGEREF", "PRINTDATE", "PRIVATE", "REF", "REVNUM", "SAVEDATE", "SECTION", "SECTIONPAGES", "SEQ", "SET", "SHAPE", "SKIPIF",
        "STYLEREF", "SUBJECT", "SYMBOL", "TA", "TC", "TEMPLATE", "TIME", "TITLE", "TOA", "TOC", "USERADDRESS", "USERINITIALS", "USERNAME", "XE",
    };

    /// <summary>Long enough not to turn up by chance where only bytes are known.</summary>
    private static readonly HashSet<string> Fetching = new(StringComparer.OrdinalIgnoreCase)
    {
        "CONTROL", "DATABASE", "DDE", "DDEAUTO", "HTMLCONTROL", "IMPORT", "INCLUDE", "INCLUDEPICTURE", "INCLUDETEXT", "LINK", "QUOTE",
    };

    public static bool IsFetching(string name) => Fetching.Contains(name);

    public static bool IsHarmless(string name) => Harmless.Contains(name);
}

/// <summary>The first word of a field's code, letter by letter.</summary>
internal sealed class FieldWord
{
    private const int Longest = 16;
    private readonly char[] letters = new char[Longest];
    private int length;

    /// <summary>The word has ended, or there cannot be one.</summary>
    public bool IsDone { get; private set; }

    public string Text => new(letters, 0, length);

    /// <summary>True when the word has just ended.</summary>
    public bool Feed(byte letter)
    {
        if (IsDone) return false;
        var isLetter = letter >= 0x80 || char.IsAsciiLetterOrDigit((char)letter) || letter == '_';
        if (length > 0 && !isLetter) return IsDone = true;
        if (isLetter || letter == '=') Add((char)letter);
        return IsDone = letter == '=';
    }

    public void End() => IsDone = true;

    private void Add(char letter)
    {
        if (length < Longest) letters[length++] = letter;
    }
}
