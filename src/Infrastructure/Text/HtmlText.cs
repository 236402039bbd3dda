using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace PatientResponse.Infrastructure.Text;

/// <summary>Text in HTML.</summary>
public static class HtmlText
{
    /// <summary>Letters of every language stay as they are: as entities they would make pages heavier.</summary>
    public static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
}
