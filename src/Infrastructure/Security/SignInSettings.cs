using PatientResponse.Infrastructure.Hosting;

namespace PatientResponse.Infrastructure.Security;

/// <summary>A password alone is not enough for replies of patients, unless somebody says so in so many words.</summary>
public sealed class SignInSettings : ISettings
{
    private const string Require = "SignIn:RequireSecondFactor";
    private const string Accept = "SignIn:AcceptWithoutSecondFactor";
    public const string Sentence = "I accept that a stolen password opens the replies of patients";

    public IReadOnlyList<string> Keys => [Require, Accept];

    public IEnumerable<string> Problems(IConfiguration settings, Purpose purpose)
    {
        var isUnclear = settings[Require] is { Length: > 0 } require && !bool.TryParse(require, out _);
        if (isUnclear)
            yield return $"{Require} is true or false.";
        if (settings[Accept] is { Length: > 0 } accept && accept.Trim() != Sentence)
            yield return $"{Accept} has only one value: {Sentence}";
        if (purpose is { IsProduction: true, Serves: true } && !isUnclear && !IsRequired(settings) && string.IsNullOrEmpty(settings[Accept]))
            yield return $"{Require} must be true, so that a stolen password alone opens nothing. To leave it to the practices, set {Accept} to: {Sentence}";
    }

    public static bool IsRequired(IConfiguration settings) => bool.TryParse(settings[Require], out var required) && required;
}
