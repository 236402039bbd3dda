using System.Globalization;
using PatientResponse.Infrastructure.Hosting;

namespace PatientResponse.Infrastructure.Security;

/// <summary>How long conversations are kept where a practice says nothing, which somebody has to decide before real patients write; and how
/// many may go at once.</summary>
public sealed class RetentionSettings : ISettings
{
    public const string Days = "Retention:Days";
    public const string AtOnce = "Retention:PercentAtOnce";
    public const int UsualPercent = 10;
    private const string Keep = "keep";

    public IReadOnlyList<string> Keys => [Days, AtOnce];

    /// <summary>1 to 100; null where it is not said, or not so.</summary>
    public static int? PercentAtOnce(IConfiguration settings) =>
        int.TryParse(settings[AtOnce], NumberStyles.None, CultureInfo.InvariantCulture, out var percent) && percent is >= 1 and <= 100 ? percent : null;

    public IEnumerable<string> Problems(IConfiguration settings, Purpose purpose)
    {
        var given = settings[Days] ?? "";
        var isNumber = int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var days)
            && days is >= PracticeRules.FewestRetentionDays and <= PracticeRules.MostRetentionDays;
        if (given == "" ? purpose is { IsProduction: true, Serves: true } : !isNumber && given != Keep)
            yield return $"{Days} must say how long conversations are kept where a practice sets nothing: {PracticeRules.FewestRetentionDays} to {PracticeRules.MostRetentionDays}, or '{Keep}' for ever.";
        if (settings[AtOnce] is { Length: > 0 } && PercentAtOnce(settings) is null)
            yield return $"{AtOnce} is a number from 1 to 100: the share of a practice's conversations that retention may erase at once without a word of yours.";
    }
}
