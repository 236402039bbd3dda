using System.Globalization;
using System.Resources;
using Microsoft.AspNetCore.Html;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Infrastructure.Languages;

/// <summary>What patients read, from PatientWords.resx and its sisters, in the language of the request.</summary>
public static class Words
{
    internal static readonly ResourceManager Resources = new("PatientResponse.src.Infrastructure.Languages.PatientWords", typeof(Words).Assembly);

    /// <exception cref="MissingManifestResourceException">No such words: a test finds it before a patient does.</exception>
    public static string Say(string key, params object[] values) => string.Format(CultureInfo.InvariantCulture, Find(key), values);

    /// <summary>Words with a link or a strong word in them. The values are text, whatever they hold, but for those that are markup already.</summary>
    public static HtmlString Markup(string key, params object[] values) =>
        new(string.Format(CultureInfo.InvariantCulture, Find(key), [.. values.Select(value => value is HtmlString markup ? markup.Value : HtmlText.Encoder.Encode($"{value}"))]));

    private static string Find(string key)
    {
        var language = Language.Current;
        var words = Resources.GetString(key, language == Language.Pseudo ? CultureInfo.InvariantCulture : language.Culture)
            ?? throw new MissingManifestResourceException(key);
        return language == Language.Pseudo ? PseudoWords.Of(words) : words;
    }
}
