using PatientResponse.Infrastructure.Hosting;

namespace PatientResponse.Infrastructure.Languages;

/// <summary>Which languages patients may choose from.</summary>
public sealed class LanguageSettings : ISettings
{
    private const string Offered = "Languages:Offered";

    public IReadOnlyList<string> Keys => [Offered];

    public IEnumerable<string> Problems(IConfiguration settings, Purpose purpose)
    {
        var tags = Tags(settings);
        var known = Language.All.Where(language => !purpose.IsProduction || language != Language.Pseudo).Select(language => language.Tag).ToList();
        if (tags.Except(known).Any() || tags.FirstOrDefault() != Language.English.Tag)
            yield return $"{Offered} lists languages such as en,cy. It begins with en; known are {string.Join(", ", known)}.";
    }

    /// <summary>English first; alone where nothing is set.</summary>
    public static IReadOnlyList<Language> Of(IConfiguration settings) => [.. Tags(settings).Select(Language.OfTag).OfType<Language>()];

    private static string[] Tags(IConfiguration settings) =>
        (settings[Offered] is { Length: > 0 } list ? list : Language.English.Tag).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
