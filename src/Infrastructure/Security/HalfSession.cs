using System.Security.Cryptography;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Infrastructure.Security;

/// <summary>A browser that gave the right password and not yet the second factor. It opens the second step and nothing else.</summary>
public sealed class HalfSession : IShortLived
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    public string Id { get; set; } = "";
    public string ClinicianId { get; set; } = "";
    public string SecurityStamp { get; set; } = "";
    public DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset? Expires => StartedAt + Lifetime;
}

/// <summary>Begins and finds half-sessions, and counts the guesses of the second factor.</summary>
public sealed class HalfSessions(IDocumentSession documents, Keyring keyring, Counters counters, TimeProvider time, IHostEnvironment environment)
{
    /// <summary>Guesses for one person in one <see cref="Window"/>, whatever browser and however often the password is given anew.</summary>
    public const int MostTries = 5;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan TellAgainAfter = TimeSpan.FromHours(1);

    private string CookieName => SecurityServices.CookieName(environment, "second-step");

    public async Task BeginAsync(HttpContext context, Clinician clinician)
    {
        var secret = RandomNumberGenerator.GetHexString(64, lowercase: true);
        documents.Store(new HalfSession
        {
            Id = IdOf(secret),
            ClinicianId = clinician.Id,
            SecurityStamp = clinician.SecurityStamp,
            StartedAt = time.GetUtcNow(),
        });
        await documents.SaveChangesAsync(context.RequestAborted);
        context.Response.Cookies.Append(CookieName, secret, new CookieOptions
        {
            HttpOnly = true,
            Secure = !environment.IsDevelopment(),
            SameSite = SameSiteMode.Lax,
            IsEssential = true,
            MaxAge = HalfSession.Lifetime,
        });
    }

    /// <summary>Whether the browser bears one, of whatever age.</summary>
    public bool HasAny(HttpContext context) => context.Request.Cookies.ContainsKey(CookieName);

    /// <summary>This browser's half-session and whose it is; null when there is none that still counts.</summary>
    public async Task<(HalfSession Half, Clinician Clinician)?> CurrentAsync(HttpContext context)
    {
        var cancellation = context.RequestAborted;
        if (context.Request.Cookies[CookieName] is not { Length: > 0 } secret
            || await documents.LoadAsync<HalfSession>(IdOf(secret), cancellation) is not { } half
            || HalfSession.Lifetime.HasPassed(half.StartedAt, time.GetUtcNow())
            || await documents.LoadAsync<Clinician>(half.ClinicianId, cancellation) is not { Disabled: false } clinician
            || clinician.SecurityStamp != half.SecurityStamp)
            return null;
        return (half, clinician);
    }

    /// <summary>Counts a guess before it is checked, so that guesses that arrive together cannot all be the first.</summary>
    /// <returns>Which one it is, from 1; above <see cref="MostTries"/> it must not be checked.</returns>
    public Task<long> TryAsync(Clinician clinician, CancellationToken cancellation) => counters.AddAsync(KeyOf(clinician), Window, cancellation);

    /// <summary>Whether the person is to be told of guesses now: once in an hour.</summary>
    public async Task<bool> IsToBeToldAsync(Clinician clinician, CancellationToken cancellation) =>
        await counters.AddAsync("second-step-told/" + clinician.Id, TellAgainAfter, cancellation) == 1;

    /// <summary>Gives the person their guesses back.</summary>
    public Task ForgiveAsync(Clinician clinician, CancellationToken cancellation) => counters.ClearAsync(KeyOf(clinician), cancellation);

    private static string KeyOf(Clinician clinician) => "second-step/" + clinician.Id;

    private string IdOf(string secret) => keyring.Lookup("half-session", secret);
}
