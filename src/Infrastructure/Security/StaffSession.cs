using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Infrastructure.Security;

/// <summary>One signed-in browser. The cookie only names it; whether it still counts is decided here at every request.</summary>
public sealed class StaffSession : IShortLived
{
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);
    public static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(5);

    /// <summary>How exactly activity is noted; a write at every request would be waste.</summary>
    private static readonly TimeSpan Grain = TimeSpan.FromSeconds(30);

    public string Id { get; set; } = "";
    public string ClinicianId { get; set; } = "";
    public string SecurityStamp { get; set; } = "";
    public DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset LastActiveAt { get; set; }

    /// <summary>When the person last proved who they are: at sign-in, or with the password once more.</summary>
    public DateTimeOffset ConfirmedAt { get; set; }
    public DateTimeOffset? Expires => StartedAt + Longest;

    /// <summary>Whether that was within five minutes.</summary>
    public bool IsFresh(DateTimeOffset now) => !Freshness.HasPassed(ConfirmedAt, now);

    public bool IsOver(DateTimeOffset now) => Idle.HasPassed(LastActiveAt, now) || Longest.HasPassed(StartedAt, now);

    public bool IsWorthNoting(DateTimeOffset now) => now - LastActiveAt >= Grain;
}

/// <summary>Begins, checks and ends the sessions of clinicians.</summary>
public sealed class StaffSessions(
    IDocumentSession documents, Keyring keyring, TimeProvider time, Actor actor, IEnumerable<IReadWithSession> others, ILogger<StaffSessions> logger)
{
    private const string SessionClaim = "session";

    /// <summary>So that the practice is read together with the session. Who it is of is decided by what was read.</summary>
    private const string PracticeClaim = "practice";
    private const string PracticeFeature = "practice";
    private const string ClinicianFeature = "clinician";
    private const string SessionFeature = "session";

    /// <summary>Signs in under a new session id; a session that the browser had before is over.</summary>
    public async Task BeginAsync(HttpContext context, Clinician clinician)
    {
        var secret = await documents.DecideAsync(async () =>
        {
            await ForgetCurrentAsync(context);
            var secret = RandomNumberGenerator.GetHexString(64, lowercase: true);
            var now = time.GetUtcNow();
            documents.Store(new StaffSession
            {
                Id = IdOf(secret),
                ClinicianId = clinician.Id,
                SecurityStamp = clinician.SecurityStamp,
                StartedAt = now,
                LastActiveAt = now,
                ConfirmedAt = now,
            });
            documents.Audit(clinician.Id, "signed in", clinician.Id);
            await documents.SaveChangesAsync(context.RequestAborted);
            return secret;
        });
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, clinician.Id), new Claim(ClaimTypes.Name, clinician.Id), new Claim(SessionClaim, secret), new Claim(PracticeClaim, clinician.PracticeId)],
            CookieAuthenticationDefaults.AuthenticationScheme);
        await context.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, new ClaimsPrincipal(identity));
    }

    /// <summary>Refuses a session that is over, and makes its clinician known to the request.</summary>
    public async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var cancellation = context.HttpContext.RequestAborted;
        // Patients' own pages know no clinician. A patient whose browser a clinician signed in with must not depend on that session.
        if (context.HttpContext.Request.IsOfPatientsAlone())
        {
            context.RejectPrincipal();
            return;
        }
        var (session, clinician, practice) = await ReadAsync(context, cancellation);
        var now = time.GetUtcNow();
        if (session is null || clinician is null || clinician.Disabled || clinician.SecurityStamp != session.SecurityStamp || session.IsOver(now))
        {
            // The cookie stays: this answer may arrive after another tab has signed in, and would take the new one away.
            context.RejectPrincipal();
            return;
        }
        context.HttpContext.Items[ClinicianFeature] = clinician;
        context.HttpContext.Items[SessionFeature] = session;
        context.HttpContext.Items[PracticeFeature] = practice;
        actor.Name = clinician.Id;
        if (IsCommand(context.HttpContext))
            documents.Require(clinician, now => now is { Disabled: false } && now.SecurityStamp == session.SecurityStamp);
        if (session.IsWorthNoting(now) && !context.HttpContext.Request.IsBackgroundRefresh())
        {
            session.LastActiveAt = now;
            documents.Store(session);
            try
            {
                await documents.SaveChangesAsync(cancellation);
            }
            catch (ConcurrencyException)
            {
                // Another request of the same browser noted it, or ended the session; the next request will see.
            }
        }
    }

    /// <summary>In one round trip. Who holds a cookie of ours is who it says, or nobody.</summary>
    private async Task<(StaffSession?, Clinician?, Practice?)> ReadAsync(CookieValidatePrincipalContext context, CancellationToken cancellation)
    {
        if (context.Principal is not { } principal || principal.FindFirstValue(SessionClaim) is not { } secret || principal.FindFirstValue(ClaimTypes.NameIdentifier) is not { } id)
            return default;
        var reading = documents.Read();
        var (session, clinician) = (reading.Load<StaffSession>(IdOf(secret)), reading.Load<Clinician>(id));
        var practice = principal.FindFirstValue(PracticeClaim) is { } practiceId ? reading.Load<Practice>(practiceId) : null;
        foreach (var other in others)
            other.Ask(reading, id, context.HttpContext);
        await reading.AskAsync(cancellation);
        if (Readable(session) is not { } found || found.ClinicianId != id || Readable(clinician) is not { } person)
            return default;
        return (found, person, practice is not null && Readable(practice) is { } its && its.Id == person.PracticeId ? its : null);
    }

    /// <summary>Null also where it is damaged: then nobody is signed in, or a page does without its practice.</summary>
    private T? Readable<T>(Answer<T?> answer) where T : class
    {
        try
        {
            return answer.Value;
        }
        catch (DamagedException damaged)
        {
            logger.LogError("{What} cannot be read", damaged.What);
            return null;
        }
    }

    /// <summary>What a clinician has changed. A patient's reply is none, even from a browser where a clinician is signed in too.</summary>
    private static bool IsCommand(HttpContext context) =>
        !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)
        && context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is not null;

    /// <summary>The session turned out to be over: nobody is signed in for the rest of the request.</summary>
    internal static void Forget(HttpContext context)
    {
        context.Items.Remove(ClinicianFeature);
        context.Items.Remove(SessionFeature);
        context.Items.Remove(PracticeFeature);
        context.User = new();
    }

    /// <summary>Notes that the person has just given the password again.</summary>
    public Task ConfirmAsync(HttpContext context) => documents.DecideAsync(async () =>
    {
        if (await CurrentAsync(context.User, context.RequestAborted) is { } session)
        {
            session.ConfirmedAt = time.GetUtcNow();
            documents.Store(session);
            await documents.SaveChangesAsync(context.RequestAborted);
        }
        return true;
    });

    /// <summary>Ends the session of this browser.</summary>
    public async Task EndAsync(HttpContext context)
    {
        await documents.DecideAsync(async () =>
        {
            await ForgetCurrentAsync(context);
            await documents.SaveChangesAsync(context.RequestAborted);
            return true;
        });
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
    }

    /// <summary>Ends every session of the person who is signed in here.</summary>
    public async Task EndAllAsync(HttpContext context)
    {
        await documents.DecideAsync(async () =>
        {
            var clinician = (await documents.LoadAsync<Clinician>(context.Clinician().Id, context.RequestAborted))!;
            clinician.SecurityStamp = RandomNumberGenerator.GetHexString(32);
            documents.Store(clinician);
            documents.Audit(clinician.Id, "signed out", clinician.Id);
            await ForgetCurrentAsync(context);
            await documents.SaveChangesAsync(context.RequestAborted);
            return clinician;
        });
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
    }

    internal static StaffSession Session(HttpContext context) => (StaffSession)context.Items[SessionFeature]!;

    internal static Practice? Practice(HttpContext context) => context.Items[PracticeFeature] as Practice;

    internal static Clinician? Signed(HttpContext context) => context.Items[ClinicianFeature] as Clinician;

    private async Task ForgetCurrentAsync(HttpContext context)
    {
        if (await CurrentAsync(context.User, context.RequestAborted) is { } session)
            documents.Delete(session);
    }

    private async Task<StaffSession?> CurrentAsync(ClaimsPrincipal? principal, CancellationToken cancellation) =>
        principal?.FindFirstValue(SessionClaim) is { } secret ? await documents.LoadAsync<StaffSession>(IdOf(secret), cancellation) : null;

    private string IdOf(string secret) => keyring.Lookup("session", secret);
}

public static class SignedInClinicianExtensions
{
    /// <summary>Who is signed in; null where nobody is.</summary>
    public static Clinician? SignedInClinician(this HttpContext context) => StaffSessions.Signed(context);

    /// <summary>The session of who is signed in, on a route that requires it.</summary>
    public static StaffSession StaffSession(this HttpContext context) => StaffSessions.Session(context);

    /// <summary>The practice of who is signed in, to be shown, as it was when the request began; a stand-in where it cannot be read. What is to be
    /// changed or decided by it, or was asked for with a body that may come slowly, is read anew.</summary>
    public static async Task<Practice> PracticeAsync(this IDocumentSession documents, HttpContext context)
    {
        var id = context.Clinician().PracticeId;
        return StaffSessions.Practice(context) ?? await documents.LoadReadableAsync<Practice>(id, context.RequestAborted) ?? Practice.StandIn(id, "your practice");
    }

    /// <summary>Who is signed in, read anew before something that lasts is changed; null when the session ended after the request began, whose
    /// body may come as slowly as its sender likes.</summary>
    public static async Task<Clinician?> FetchMyselfAsync(this IDocumentSession documents, HttpContext context) =>
        await documents.LoadAsync<Clinician>(context.Clinician().Id, context.RequestAborted) is { Disabled: false } clinician
        && clinician.SecurityStamp == context.StaffSession().SecurityStamp ? clinician : null;

    /// <summary>Who is signed in, on a route that requires it.</summary>
    public static Clinician Clinician(this HttpContext context) => StaffSessions.Signed(context)!;
}

/// <summary>Something that most requests of a clinician need: it is read together with the session, in its round trip.</summary>
public interface IReadWithSession
{
    void Ask(IReading reading, string clinicianId, HttpContext context);
}
