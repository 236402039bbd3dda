using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace PatientResponse.Tests.Infrastructure.Files;

/// <summary>Writes PDFs object by object, with a cross-reference that is right: as a table, or as a stream when objects are packed.</summary>
internal sealed class PdfMaker
{
    private readonly MemoryStream file = new();
    private readonly SortedDictionary<int, long> places = [];
    private readonly SortedDictionary<int, (int Container, int Index)> packed = [];

    /// <summary>Bytes so far.</summary>
    public long Length => file.Length;

    public PdfMaker() => Text("%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n");

    /// <summary>A page and its catalog, objects 1 to 3; more keys for the catalog.</summary>
    public static PdfMaker WithPage(string catalog = "") => new PdfMaker()
        .Object(1, $"<< /Type /Catalog /Pages 2 0 R {catalog} >>")
        .Object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
        .Object(3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 144] >>");

    public PdfMaker Text(string text)
    {
        file.Write(Encoding.Latin1.GetBytes(text));
        return this;
    }

    public PdfMaker Object(int number, string value)
    {
        places[number] = file.Position;
        return Text($"{number} 0 obj\n{value}\nendobj\n");
    }

    public PdfMaker Stream(int number, string dictionary, byte[] data)
    {
        places[number] = file.Position;
        Text($"{number} 0 obj\n<< {dictionary} /Length {data.Length} >>\nstream\n");
        file.Write(data);
        return Text("\nendstream\nendobj\n");
    }

    /// <summary>Objects packed into a stream, each of its filters undone by viewers from left to right.</summary>
    public PdfMaker Packed(int number, string filters, Func<byte[], byte[]> pack, params (int Number, string Value)[] objects) =>
        Packed(number, "/Type /ObjStm", filters, pack, objects);

    public PdfMaker Packed(int number, string type, string filters, Func<byte[], byte[]> pack, params (int Number, string Value)[] objects)
    {
        var (header, body) = (new StringBuilder(), new StringBuilder());
        foreach (var (index, (inner, value)) in objects.Index())
        {
            header.Append(CultureInfo.InvariantCulture, $"{inner} {body.Length} ");
            body.Append(value).Append('\n');
            packed[inner] = (number, index);
        }
        return Stream(number, $"{type} /N {objects.Length} /First {header.Length} {filters}", pack(Encoding.Latin1.GetBytes(header.ToString() + body)));
    }

    /// <summary>Says that an object is at the next place, whatever stands there.</summary>
    public PdfMaker Claim(int number, int offset = 0)
    {
        places[number] = file.Position + offset;
        return this;
    }

    public byte[] End(string trailer = "")
    {
        var table = file.Position;
        var size = Math.Max(places.Keys.Max(), packed.Keys.DefaultIfEmpty().Max()) + 1;
        if (packed.Count > 0) EndWithStream(size, trailer);
        else
        {
            Text($"xref\n0 {size}\n");
            for (var number = 0; number < size; number++)
                Text(places.TryGetValue(number, out var place) ? $"{place:D10} 00000 n \n" : "0000000000 65535 f \n");
            Text($"trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\n");
        }
        return Text($"startxref\n{table}\n%%EOF\n").file.ToArray();
    }

    private void EndWithStream(int size, string trailer)
    {
        places[size] = file.Position;
        var entries = new MemoryStream();
        for (var number = 0; number <= size; number++)
        {
            var (type, second, third) = places.TryGetValue(number, out var place) ? (1, place, 0)
                : packed.TryGetValue(number, out var inner) ? (2, inner.Container, inner.Index) : (0, 0L, 0);
            entries.Write([(byte)type, (byte)(second >> 24), (byte)(second >> 16), (byte)(second >> 8), (byte)second, (byte)(third >> 8), (byte)third]);
        }
        Stream(size, $"/Type /XRef /W [1 4 2] /Size {size + 1} /Root 1 0 R {trailer}", entries.ToArray());
    }

    public static byte[] Plain(byte[] content) => content;

    public static byte[] Flate(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(content);
        return packed.ToArray();
    }

    public static byte[] Hex(byte[] content) => Encoding.ASCII.GetBytes(Convert.ToHexString(content) + ">");

    public static byte[] Ascii85(byte[] content)
    {
        var text = new StringBuilder();
        foreach (var group in content.Chunk(4))
        {
            var value = 0u;
            for (var i = 0; i < 4; i++) value = value * 256 + (i < group.Length ? group[i] : 0u);
            var digits = new char[5];
            for (var i = 4; i >= 0; i--, value /= 85) digits[i] = (char)(value % 85 + '!');
            text.Append(group.Length == 4 && digits.All(digit => digit == '!') ? "z" : new string(digits, 0, group.Length + 1));
        }
        return Encoding.ASCII.GetBytes(text + "~>");
    }

    public static byte[] Runs(byte[] content) => [.. content.Chunk(128).SelectMany(run => (byte[])[(byte)(run.Length - 1), .. run]), 128];

    /// <summary>Codes of nine bits, cleared before they would grow.</summary>
    public static byte[] Lzw(byte[] content)
    {
        var codes = content.Chunk(200).SelectMany(part => (int[])[256, .. part.Select(letter => (int)letter)]).Append(257);
        var bits = string.Concat(codes.Select(code => code.ToString("b9", CultureInfo.InvariantCulture)));
        return [.. bits.PadRight((bits.Length + 7) / 8 * 8, '0').Chunk(8).Select(part => Convert.ToByte(new string(part), 2))];
    }

    /// <summary>Rows of a few bytes, each after the filter "up" of PNG.</summary>
    public static byte[] Predicted(byte[] content, int columns)
    {
        var rows = content.Chunk(columns).Select(row => row.Concat(new byte[columns - row.Length]).ToArray()).ToList();
        return [.. rows.SelectMany((row, i) => (byte[])[2, .. row.Select((letter, at) => (byte)(letter - (i == 0 ? 0 : rows[i - 1][at])))])];
    }
}
