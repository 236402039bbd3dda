using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace PatientResponse.Tests.Browser;

/// <summary>The words on each sheet of a PDF, as far as Chromium's own can be read with little effort.</summary>
internal static partial class PdfText
{
    /// <summary>One text for each page, without any spaces: where words are parted is for the eye alone.</summary>
    public static IReadOnlyList<string> Sheets(byte[] pdf)
    {
        var file = Encoding.Latin1.GetString(pdf);
        var objects = Objects().Matches(file).ToDictionary(found => int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture), found => found.Groups[2].Value);
        return [.. objects.Values.Where(value => PageType().IsMatch(value)).Select(page => Words(page, objects))];
    }

    private static string Words(string page, Dictionary<int, string> objects)
    {
        var resources = Reference(page, "Resources") is { } id ? objects[id] : page;
        var fonts = Fonts().Matches(resources).ToDictionary(font => font.Groups[1].Value,
            font => Letters(objects[int.Parse(font.Groups[2].Value, CultureInfo.InvariantCulture)], objects));
        var words = new StringBuilder();
        Dictionary<int, string> letters = [];
        foreach (Match part in Shown().Matches(Content(objects[Reference(page, "Contents")!.Value])))
            if (part.Groups[1].Success)
                letters = fonts.GetValueOrDefault(part.Groups[1].Value, []);
            else
                foreach (var code in part.Groups[2].Value.Chunk(4))
                    words.Append(letters.GetValueOrDefault(int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture), "?"));
        return string.Concat(words.ToString().Where(c => !char.IsWhiteSpace(c)));
    }

    /// <summary>What a font's codes stand for: its table to Unicode.</summary>
    private static Dictionary<int, string> Letters(string font, Dictionary<int, string> objects)
    {
        var letters = new Dictionary<int, string>();
        if (Reference(font, "ToUnicode") is not { } id)
            return letters;
        var table = Content(objects[id]);
        foreach (Match section in Sections().Matches(table))
            foreach (Match line in (section.Groups[1].Value == "char" ? Pair() : Triple()).Matches(section.Groups[2].Value))
            {
                var codes = line.Groups.Values.Skip(1).Select(code => int.Parse(code.Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToList();
                for (var code = codes[0]; code <= (codes.Count == 3 ? codes[1] : codes[0]); code++)
                    letters[code] = char.ConvertFromUtf32(codes[^1] + code - codes[0]);
            }
        return letters;
    }

    private static string Content(string value)
    {
        var start = value.IndexOf("stream", StringComparison.Ordinal);
        start = value.IndexOf('\n', start) + 1;
        var bytes = Encoding.Latin1.GetBytes(value[start..value.LastIndexOf("endstream", StringComparison.Ordinal)]);
        if (!value[..start].Contains("FlateDecode", StringComparison.Ordinal))
            return Encoding.Latin1.GetString(bytes);
        using var inflated = new StreamReader(new ZLibStream(new MemoryStream(bytes), CompressionMode.Decompress), Encoding.Latin1);
        return inflated.ReadToEnd();
    }

    private static int? Reference(string value, string name) =>
        Regex.Match(value, $@"/{name} (\d+) 0 R") is { Success: true } found ? int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"(?<=\n|^)(\d+) 0 obj\s(.*?)\nendobj", RegexOptions.Singleline)]
    private static partial Regex Objects();

    [GeneratedRegex(@"/Type\s*/Page\b")]
    private static partial Regex PageType();

    [GeneratedRegex(@"/(F\d+) (\d+) 0 R")]
    private static partial Regex Fonts();

    [GeneratedRegex(@"/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>")]
    private static partial Regex Shown();

    [GeneratedRegex(@"beginbf(char|range)(.*?)endbf", RegexOptions.Singleline)]
    private static partial Regex Sections();

    [GeneratedRegex(@"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")]
    private static partial Regex Pair();

    [GeneratedRegex(@"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")]
    private static partial Regex Triple();
}
