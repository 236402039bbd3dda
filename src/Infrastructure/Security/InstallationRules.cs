using System.Globalization;

namespace PatientResponse.Infrastructure.Security;

/// <summary>What holds in every practice of this installation, whatever the practice chose.</summary>
public sealed class InstallationRules(IConfiguration configuration)
{
    /// <summary>Days to keep conversations where a practice says nothing; null keeps them.</summary>
    public int? RetentionDays { get; } =
        int.TryParse(configuration[RetentionSettings.Days], NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days : null;

    /// <summary>The share of a practice's conversations that retention erases at once without a word of the operator's, in percent.</summary>
    public int RetentionPercentAtOnce { get; } = RetentionSettings.PercentAtOnce(configuration) ?? RetentionSettings.UsualPercent;

    /// <summary>Nobody sees anything without a second factor.</summary>
    public bool RequiresSecondFactor { get; } = SignInSettings.IsRequired(configuration);

    public bool RequiresSecondFactorOf(Practice? practice) => RequiresSecondFactor || practice is { RequiresSecondFactor: true };

    /// <summary>The settings that count for a practice.</summary>
    public Practice Of(Practice practice) => practice with
    {
        RequiresSecondFactor = RequiresSecondFactorOf(practice),
        RetentionDays = practice.RetentionDays ?? RetentionDays,
    };
}
