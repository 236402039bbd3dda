using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Security;

/// <summary>The link with which a person sets a password, given by an operator or sent by email. Both die when one is used, when an operator makes
/// a newer one, and with time. The framework's own goes by this machine's clock, right or wrong.</summary>
public sealed class SetPasswordLink(IDataProtectionProvider protection, TimeProvider time) : IUserTwoFactorTokenProvider<Clinician>
{
    /// <summary>What a link is for that was sent by email: it is short-lived, and asking for it changes nothing.</summary>
    public const string ByEmail = "SetPasswordByEmail";

    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(3);

    public static readonly TimeSpan LifetimeByEmail = TimeSpan.FromMinutes(60);

    private readonly IDataProtector _protector = protection.CreateProtector("set-password-link");

    public Task<string> GenerateAsync(string purpose, UserManager<Clinician> manager, Clinician user) =>
        Task.FromResult(Make(user, purpose));

    public string Make(Clinician user, string purpose) =>
        Convert.ToBase64String(_protector.Protect(JsonSerializer.SerializeToUtf8Bytes(new Held(purpose, user.Id, user.SecurityStamp, time.GetUtcNow()))));

    public Task<bool> ValidateAsync(string purpose, string token, UserManager<Clinician> manager, Clinician user) =>
        Task.FromResult(Read(token) is { } held && held.Purpose == purpose && held.User == user.Id && held.SecurityStamp == user.SecurityStamp
            && !(purpose == ByEmail ? LifetimeByEmail : Lifetime).HasPassed(held.At, time.GetUtcNow()));

    /// <summary>It is no second factor.</summary>
    public Task<bool> CanGenerateTwoFactorTokenAsync(UserManager<Clinician> manager, Clinician user) => Task.FromResult(false);

    private Held? Read(string token)
    {
        try
        {
            return JsonSerializer.Deserialize<Held>(_protector.Unprotect(Convert.FromBase64String(token)));
        }
        catch (Exception e) when (e is CryptographicException or FormatException or JsonException)
        {
            return null;
        }
    }

    private sealed record Held(string Purpose, string User, string SecurityStamp, DateTimeOffset At);
}
