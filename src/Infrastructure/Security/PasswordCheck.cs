using Microsoft.AspNetCore.Identity;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Security;

public enum PasswordAnswer { Right, Wrong, Locked }

/// <summary>Whether a password is right, with a limit on guessing. Nobody learns from it which emails are known:
/// an unknown one costs the same single hash and is locked after as many tries.</summary>
public sealed class PasswordCheck(
    UserManager<Clinician> people, IPasswordHasher<Clinician> hasher, IDocumentSession documents, Counters counters, HashTurns turns, SprayBrake brake)
{
    /// <summary>Tries for one email in one <see cref="Window"/>; all later ones are refused unread, the right password too.</summary>
    public const int MostTries = 10;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>Random bytes in the framework's format of today: no password has this hash, and checking one costs as much as ever.</summary>
    private const string NobodysHash =
        "AQAAAAIAAzRQAAAAEGprR538pBO0tvHdcrreM2nhcxybG5H7uvq6pbZg20oGO+nUd/ubNJwxPRCxfk/rbA==";

    private static readonly Clinician Nobody = new();

    /// <param name="context">Of the request that brought it.</param>
    /// <returns>The clinician when the answer is <see cref="PasswordAnswer.Right"/>.</returns>
    public async Task<(PasswordAnswer Answer, Clinician? Clinician)> CheckAsync(HttpContext context, string email, string password)
    {
        var (address, cancellation) = (Network.Of(context.Connection.RemoteIpAddress), context.RequestAborted);
        // Counted before it is checked: tries that arrive together cannot all be the first.
        if (await counters.AddAsync(KeyOf(email), Window, cancellation) > MostTries)
            return (PasswordAnswer.Locked, null);
        await brake.SlowDownAsync(address, cancellation);
        var clinician = await people.FindByNameAsync(email);
        if (!await turns.TakeAsync(address, () => IsRightAsync(clinician, password, cancellation), cancellation))
        {
            await brake.NoteWrongAsync(address, Clinician.Normalise(email), cancellation);
            return (PasswordAnswer.Wrong, null);
        }
        await brake.ForgiveAsync(address);
        await counters.ClearAsync(KeyOf(email), cancellation);
        return (PasswordAnswer.Right, clinician);
    }

    private async Task<bool> IsRightAsync(Clinician? clinician, string password, CancellationToken cancellation)
    {
        if (clinician is not { Disabled: false, PasswordHash: { } hash })
        {
            hasher.VerifyHashedPassword(Nobody, NobodysHash, password);
            return false;
        }
        var verdict = hasher.VerifyHashedPassword(clinician, hash, password);
        if (verdict == PasswordVerificationResult.SuccessRehashNeeded)
            await HashAnewAsync(clinician, password, cancellation);
        return verdict != PasswordVerificationResult.Failed;
    }

    /// <summary>With as many rounds as today. The framework's own way would end the person's sessions, too.</summary>
    private async Task HashAnewAsync(Clinician clinician, string password, CancellationToken cancellation)
    {
        clinician.PasswordHash = hasher.HashPassword(clinician, password);
        documents.Store(clinician);
        try
        {
            await documents.SaveChangesAsync(cancellation);
        }
        catch (ConcurrencyException)
        {
            // The next sign-in does it.
        }
    }

    /// <summary>Gives the email its tries back.</summary>
    public Task ForgiveAsync(string email, CancellationToken cancellation) => counters.ClearAsync(KeyOf(email), cancellation);

    private static string KeyOf(string email) => "sign-in/" + Clinician.Normalise(email);
}
