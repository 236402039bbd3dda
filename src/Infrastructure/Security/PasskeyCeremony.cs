using System.Security.Cryptography;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Infrastructure.Security;

/// <summary>What the server has to remember between asking a browser for a passkey and its answer. Good once.</summary>
public sealed class PasskeyCeremony : IShortLived
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    public string Id { get; set; } = "";
    public string State { get; set; } = "";

    /// <summary>Who registers; empty for a sign-in.</summary>
    public string ClinicianId { get; set; } = "";
    public DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset? Expires => StartedAt + Lifetime;
}

/// <summary>Keeps ceremonies; a cookie ties each to the browser that began it.</summary>
public sealed class PasskeyCeremonies(IDocumentSession documents, Keyring keyring, TimeProvider time, IHostEnvironment environment)
{
    private string CookieName => SecurityServices.CookieName(environment, "passkey");

    public async Task BeginAsync(HttpContext context, string? state, string clinicianId = "")
    {
        var secret = RandomNumberGenerator.GetHexString(64, lowercase: true);
        documents.Store(new PasskeyCeremony { Id = IdOf(secret), State = state ?? "", ClinicianId = clinicianId, StartedAt = time.GetUtcNow() });
        await documents.SaveChangesAsync(context.RequestAborted);
        context.Response.Cookies.Append(CookieName, secret, new CookieOptions
        {
            HttpOnly = true,
            Secure = !environment.IsDevelopment(),
            SameSite = SameSiteMode.Strict,
            IsEssential = true,
            MaxAge = PasskeyCeremony.Lifetime,
        });
    }

    /// <summary>The state of the ceremony that this browser began; null when there is none, or it was used, or took too long.</summary>
    public async Task<string?> TakeAsync(HttpContext context, string clinicianId = "")
    {
        if (context.Request.Cookies[CookieName] is not { Length: > 0 } secret
            || await documents.LoadAsync<PasskeyCeremony>(IdOf(secret), context.RequestAborted) is not { } ceremony
            || ceremony.ClinicianId != clinicianId || PasskeyCeremony.Lifetime.HasPassed(ceremony.StartedAt, time.GetUtcNow()))
            return null;
        documents.Delete(ceremony);
        try
        {
            await documents.SaveChangesAsync(context.RequestAborted);
            return ceremony.State;
        }
        catch (ConcurrencyException)
        {
            return null; // The same answer arrived twice.
        }
    }

    private string IdOf(string secret) => keyring.Lookup("passkey-ceremony", secret);
}
