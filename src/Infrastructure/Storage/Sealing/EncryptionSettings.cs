using PatientResponse.Infrastructure.Hosting;

namespace PatientResponse.Infrastructure.Storage.Sealing;

/// <summary>The master key, and those before it.</summary>
public sealed class EncryptionSettings : ISettings
{
    private const string OldKeys = "Encryption:OldMasterKeys";

    public IReadOnlyList<string> Keys => ["Encryption:MasterKey", OldKeys + ":*"];

    public IEnumerable<string> Problems(IConfiguration settings, Purpose purpose)
    {
        var key = settings["Encryption:MasterKey"] ?? "";
        if ((purpose.IsProduction || key != "") && MasterKey.Parse(key) is null)
            yield return "Encryption:MasterKey must be 32 random bytes in base64, for example from: openssl rand -base64 32.";
        if (Old(settings).Any(old => MasterKey.Parse(old) is null))
            yield return $"{OldKeys} must be earlier master keys, 32 bytes in base64 each.";
    }

    /// <summary>As they were given; an empty one is none.</summary>
    public static IEnumerable<string> Old(IConfiguration settings) =>
        (settings.GetSection(OldKeys).Get<string[]>() ?? []).Where(old => !string.IsNullOrWhiteSpace(old));
}
