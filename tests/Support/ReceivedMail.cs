using System.Text;
using System.Text.RegularExpressions;

namespace PatientResponse.Tests.Support;

/// <summary>A mail as a relay stored it, read by RFC 5322 and 2047: headers unfolded and decoded, the body out of quoted-printable.</summary>
public sealed partial class ReceivedMail
{
    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);

    public ReceivedMail(string raw)
    {
        Raw = raw;
        var lines = raw.ReplaceLineEndings("\n");
        var end = lines.IndexOf("\n\n", StringComparison.Ordinal);
        foreach (var header in Fold().Replace(lines[..end], " ").Split('\n'))
            _headers[header[..header.IndexOf(':')]] = header[(header.IndexOf(':') + 1)..].Trim();
        Text = Encoding.UTF8.GetString(Unquote(lines[(end + 2)..].Replace("=\n", "", StringComparison.Ordinal)));
    }

    public string Raw { get; }

    public string Text { get; }

    public string Header(string name) => Word().Replace(Between().Replace(_headers[name], ""), word => Decode(word));

    private static string Decode(Match word) => Encoding.UTF8.GetString(word.Groups[1].Value.Equals("B", StringComparison.OrdinalIgnoreCase)
        ? Convert.FromBase64String(word.Groups[2].Value)
        : Unquote(word.Groups[2].Value.Replace('_', ' ')));

    private static byte[] Unquote(string text)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            bytes.Add(text[i] == '=' ? Convert.ToByte(text.Substring(i + 1, 2), 16) : (byte)text[i]);
            i += text[i] == '=' ? 2 : 0;
        }
        return [.. bytes];
    }

    [GeneratedRegex(@"\n[ \t]+")]
    private static partial Regex Fold();

    [GeneratedRegex(@"(?<=\?=)\s+(?==\?)")]
    private static partial Regex Between();

    [GeneratedRegex(@"=\?utf-8\?([BQ])\?([^?]*)\?=", RegexOptions.IgnoreCase)]
    private static partial Regex Word();
}
