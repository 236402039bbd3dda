using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsvHelper;
using CsvHelper.Configuration;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.ImportPatients;

/// <summary>A line of the file, by the number of the first of the lines that it takes up.</summary>
/// <param name="Cells">Null where its quotation marks make no sense.</param>
public sealed record FileLine(long Number, IReadOnlyList<string>? Cells);

/// <summary>A file of separated values. It can be read more than once, line by line.</summary>
public sealed partial class PatientFile
{
    /// <summary>More than this in one cell is a quotation mark that was never closed.</summary>
    private const int MostOfCell = 10_000;
    private static readonly string[] Delimiters = [",", ";", "\t", "|"];
    private readonly byte[] _bytes;
    private readonly Encoding _encoding;

    private PatientFile(byte[] bytes) => (_bytes, _encoding) = (bytes, FileEncoding.Of(bytes));

    /// <summary>"UTF-8", or what the file is instead.</summary>
    public string Encoding => FileEncoding.NameOf(_encoding);

    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static async Task<PatientFile> OpenAsync(string path, CancellationToken cancellation) => new(await File.ReadAllBytesAsync(path, cancellation));

    /// <summary>Its lines but for the empty ones. A byte that is no letter in the file's encoding is U+FFFD.</summary>
    /// <exception cref="InvalidDataException">From some line on the file cannot be read; its message says where.</exception>
    public IEnumerable<FileLine> Lines()
    {
        using var reader = new StreamReader(new MemoryStream(_bytes), _encoding, detectEncodingFromByteOrderMarks: true);
        var (first, before) = (reader.ReadLine(), 0L);
        // Excel's own first line: it says what separates the others.
        var separator = first is null ? null : SeparatorLine().Match(first) is { Success: true } match ? match.Groups[1].Value : null;
        while (first is not null && (IsEmpty(first) || (separator is not null && before == 0)))
            (first, before) = (reader.ReadLine(), before + 1);
        if (first is null)
            yield break;
        var delimiter = separator ?? Delimiters.MaxBy(one => first.Split(one).Length)!;
        var sound = true;
        // The parser begins with the header again: it may have quotation marks.
        using var parser = new CsvParser(new Rejoined(first, reader), Csv(delimiter, () => sound = false));
        for (var next = 1L; Read(parser, before + next); next = parser.RawRow + 1)
        {
            // Quotation marks are looked at when the cells are.
            var cells = parser.Record;
            cells = sound ? cells : Mended(parser.RawRecord, delimiter);
            if (cells is null || !cells.All(IsEmpty))
                yield return new(before + next, cells);
            sound = true;
        }
    }

    private static CsvConfiguration Csv(string delimiter, Action bad) => new(CultureInfo.InvariantCulture)
    {
        Delimiter = delimiter,
        MaxFieldSize = MostOfCell,
        IgnoreBlankLines = false,
        BadDataFound = _ => bad(),
    };

    /// <summary>A line with ="0123", as some programs write what Excel is to leave as it is.</summary>
    private static string[]? Mended(string raw, string delimiter)
    {
        var sound = true;
        using var parser = new CsvParser(new StringReader(Formula().Replace(raw, "\"$1\"")), Csv(delimiter, () => sound = false));
        var cells = parser.Read() ? parser.Record : null;
        return sound ? cells : null;
    }

    /// <summary>Spaces, separators of another kind, and the mark that old programs end a file with.</summary>
    private static bool IsEmpty(string text) => text.All(c => TypedText.IsFiller(c) || char.IsControl(c) || c is ',' or ';' or '|' or '"' or '\'');

    private static bool Read(CsvParser parser, long line)
    {
        try
        {
            return parser.Read();
        }
        catch (CsvHelperException)
        {
            throw new InvalidDataException($"Line {line} or one soon after has a quotation mark that is never closed.");
        }
    }

    [GeneratedRegex("^\"?sep=(.)\"?[,;\t]*$", RegexOptions.IgnoreCase)]
    private static partial Regex SeparatorLine();

    [GeneratedRegex("""="([^"\r\n]*)"(?!")""")]
    private static partial Regex Formula();

    /// <summary>A line that was read already, and then the rest.</summary>
    private sealed class Rejoined(string first, TextReader rest) : TextReader
    {
        private readonly StringReader _first = new(first + "\n");

        public override int Read(char[] buffer, int index, int count) =>
            _first.Read(buffer, index, count) is > 0 and var read ? read : rest.Read(buffer, index, count);

        public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
