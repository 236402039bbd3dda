using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;
using PatientResponse.Infrastructure.Telemetry;

namespace PatientResponse.Infrastructure.Security;

/// <summary>Slows down whoever tries passwords of many accounts: after 40 wrong ones in 15 minutes from one address every further check
/// from there waits, and the operator hears of it. It never refuses, because a whole trust may share one address.</summary>
public sealed class SprayBrake(Counters counters, Keyring keyring, TimeProvider time, Measures measures, ILogger<SprayBrake> logger)
{
    public const int FreeTries = 40;

    /// <summary>Wrong passwords from one address, or from all together, that are no slips of the finger any more.</summary>
    public const int WorthTelling = 60, WorthTellingOfAll = 300;

    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(3);

    private const string All = "wrong-password";

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>Counts this check before it looks at the count, so that checks which arrive at once slow each other down.</summary>
    public async Task SlowDownAsync(string address, CancellationToken cancellation)
    {
        var count = await counters.AddAsync(KeyOf(address), Window, cancellation);
        if (count == WorthTelling)
            logger.LogError("Somebody at address {Mark} tries passwords: {Count} checks in 15 minutes. Each further one waits {Seconds} seconds", MarkOf(address), count, Wait.TotalSeconds);
        if (count > FreeTries)
            await Task.Delay(Wait, time, cancellation);
    }

    /// <summary>It was the right one.</summary>
    public Task ForgiveAsync(string address) => counters.TakeBackAsync(KeyOf(address), CancellationToken.None);

    /// <summary>For the record, and against many addresses, each of them slow.</summary>
    /// <param name="email">In one spelling; nobody learns here whether it is known.</param>
    public async Task NoteWrongAsync(string address, string email, CancellationToken cancellation)
    {
        measures.PasswordRefused();
        logger.LogInformation("A wrong password from address {Mark} for account {Account}", MarkOf(address), keyring.Lookup("account-in-log", email)[..8]);
        if (await counters.AddAsync(All, Window, cancellation) == WorthTellingOfAll)
            logger.LogError("Somebody tries passwords from many addresses: {Count} were wrong in 15 minutes", WorthTellingOfAll);
    }

    /// <summary>An address is personal data, so the log gets a short hash of it: the same for the same address, in this installation only.</summary>
    private string MarkOf(string address) => keyring.Lookup("address-in-log", address)[..8];

    private static string KeyOf(string address) => $"{All}/{address}";
}
