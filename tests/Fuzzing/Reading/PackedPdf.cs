using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace PatientResponse.Tests.Fuzzing.Reading;

/// <summary>
/// A PDF whose streams are written plainly: each is deflated as often as its dictionary says FlateDecode, and its
/// /Length and the cross-reference are written anew.
/// </summary>
internal static partial class PackedPdf
{
    private const int MostFilters = 4;

    public static byte[] Of(byte[] input)
    {
        var text = Encoding.Latin1.GetString(input);
        // What follows is ours.
        var end = text.LastIndexOf("trailer", StringComparison.Ordinal);
        var trailer = end < 0 ? "<</Root 1 0 R>>" : text[(end + "trailer".Length)..];
        var file = Streams().Replace(end < 0 ? text : text[..end], Packed);

        var objects = Objects().Matches(file).Select(found => (Number: found.Groups[1].Value, At: found.Index)).Take(1000).ToList();
        var table = new StringBuilder("xref\n0 1\n0000000000 65535 f \n");
        foreach (var (number, at) in objects) table.Append(CultureInfo.InvariantCulture, $"{number} 1\n{at:D10} 00000 n \n");
        return Encoding.Latin1.GetBytes($"{file}{table}trailer{trailer}\nstartxref\n{file.Length}\n%%EOF\n");
    }

    private static string Packed(Match stream)
    {
        var (dictionary, content) = (stream.Groups[1].Value, Encoding.Latin1.GetBytes(stream.Groups[2].Value));
        for (var filters = Math.Min(MostFilters, Flate().Count(dictionary)); filters > 0; filters--) content = Deflated(content);
        return $"{Length().Replace(dictionary, $"/Length {content.Length}")}stream\n{Encoding.Latin1.GetString(content)}\nendstream";
    }

    private static byte[] Deflated(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest)) zlib.Write(content);
        return packed.ToArray();
    }

    [GeneratedRegex(@"(<<[^\0]{0,400}?>>\s{0,4})stream\n([^\0]*?)\nendstream")]
    private static partial Regex Streams();

    [GeneratedRegex(@"(?<=^|\n)([0-9]{1,6}) 0 obj")]
    private static partial Regex Objects();

    [GeneratedRegex("/Fl(ateDecode)?")]
    private static partial Regex Flate();

    [GeneratedRegex("/Length [0-9]+")]
    private static partial Regex Length();
}
