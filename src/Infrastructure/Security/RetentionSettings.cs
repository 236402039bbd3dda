using System.Globalization;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Infrastructure.Security;

/// <summary>How long conversations are kept where a practice says nothing. Somebody has to decide it before real patients write.</summary>
public sealed class RetentionSettings : ISettings
{
    public const string Days = "Retention:Days";
    private const string Keep = "keep";

    public IReadOnlyList<string> Keys => [Days];

    public IEnumerable<string> Problems(IConfiguration settings, Purpose purpose)
    {
        var given = settings[Days] ?? "";
        var isNumber = int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var days)
            && days is >= PracticeRules.FewestRetentionDays and <= PracticeRules.MostRetentionDays;
        if (given == "" ? purpose is { IsProduction: true, Serves: true } : !isNumber && given != Keep)
            yield return $"{Days} must say how long conversations are kept where a practice sets nothing: {PracticeRules.FewestRetentionDays} to {PracticeRules.MostRetentionDays}, or '{Keep}' for ever.";
    }
}
