using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace PatientResponse.Features.ImportPatients;

/// <summary>A line of the file, by the number of the first of the lines that it takes up.</summary>
/// <param name="Cells">Null where its quotation marks make no sense.</param>
public sealed record FileLine(long Number, IReadOnlyList<string>? Cells);

/// <summary>A file of comma, semicolon or tab separated values, read line by line.</summary>
public sealed class PatientFile : IDisposable
{
    /// <summary>More than this in one cell is a quotation mark that was never closed.</summary>
    private const int MostOfCell = 10_000;
    private readonly StreamReader _reader;

    private PatientFile(StreamReader reader, string encoding) => (_reader, Encoding) = (reader, encoding);

    /// <summary>"UTF-8", or what the file is instead.</summary>
    public string Encoding { get; }

    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static async Task<PatientFile> OpenAsync(string path, CancellationToken cancellation)
    {
        var utf8 = await IsUtf8Async(path, cancellation);
        var reader = new StreamReader(path, utf8 ? new UTF8Encoding() : CodePagesEncodingProvider.Instance.GetEncoding(1252)!, detectEncodingFromByteOrderMarks: true);
        // Its encoding is what the marks at its beginning say, once something was read.
        reader.Peek();
        return new(reader, reader.CurrentEncoding is UTF8Encoding ? "UTF-8" : reader.CurrentEncoding.CodePage == 1252 ? "Windows-1252" : "UTF-16");
    }

    /// <exception cref="InvalidDataException">From some line on the file cannot be read; its message says where.</exception>
    public IEnumerable<FileLine> Lines()
    {
        var sound = true;
        var first = _reader.ReadLine() ?? "";
        // The parser begins with the header again: it may have quotation marks.
        using var parser = new CsvParser(new Rejoined(first, _reader), new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = Delimiter(first),
            MaxFieldSize = MostOfCell,
            IgnoreBlankLines = false,
            BadDataFound = _ => sound = false,
        });
        for (var next = 1L; Read(parser, next); next = parser.RawRow + 1)
        {
            var cells = parser.Record!;
            if (!(cells.Length == 1 && cells[0].Trim() == ""))
                yield return new(next, sound ? cells : null);
            sound = true;
        }
    }

    public void Dispose() => _reader.Dispose();

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

    private static string Delimiter(string header) => new[] { ",", ";", "\t" }.MaxBy(delimiter => header.Split(delimiter).Length)!;

    private static async Task<bool> IsUtf8Async(string path, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        var decoder = new UTF8Encoding(false, throwOnInvalidBytes: true).GetDecoder();
        var (bytes, chars) = (new byte[65536], new char[65537]);
        try
        {
            for (int read; (read = await file.ReadAsync(bytes, cancellation)) > 0;)
                decoder.GetChars(bytes, 0, read, chars, 0, flush: false);
            decoder.GetChars([], chars, flush: true);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>A line that was read already, and then the rest.</summary>
    private sealed class Rejoined(string first, TextReader rest) : TextReader
    {
        private readonly StringReader _first = new(first + "\n");

        public override int Read(char[] buffer, int index, int count) =>
            _first.Read(buffer, index, count) is > 0 and var read ? read : rest.Read(buffer, index, count);

        public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
