using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Html;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Infrastructure.Web.Parts;

/// <summary>A practice's number as a link that a phone calls (RFC 3966).</summary>
public static partial class PhoneLink
{
    /// <summary>The text as it was written, with each UK number in it a link; an extension or opening hours beside it stay text.</summary>
    public static HtmlString Of(string text)
    {
        var (markup, at) = ("", 0);
        foreach (Match number in Number().Matches(text))
        {
            markup += $"{HtmlText.Encoder.Encode(text[at..number.Index])}<a href=\"tel:{Dialled(number.Value)}\">{HtmlText.Encoder.Encode(number.Value)}</a>";
            at = number.Index + number.Length;
        }
        return new(markup + HtmlText.Encoder.Encode(text[at..]));
    }

    /// <summary>Digits, and a plus in front; the "(0)" that is dialled at home only falls away behind +44.</summary>
    private static string Dialled(string number) =>
        (number[0] == '+' ? "+" : "") + string.Concat(number.Replace("(0)", "", StringComparison.Ordinal).Where(char.IsAsciiDigit));

    [GeneratedRegex(@"(?<![0-9+])(?:\+44\s*(?:\(0\))?|\(?0)(?:[\s().\p{Pd}\p{Cf}]*[0-9]){9,10}(?![0-9])")]
    private static partial Regex Number();
}
