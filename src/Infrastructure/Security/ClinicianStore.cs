using Microsoft.AspNetCore.Identity;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Security;

/// <summary>ASP.NET Core Identity over our documents.</summary>
public sealed class ClinicianStore(IDocumentSession session, IDatabase database)
    : IUserPasswordStore<Clinician>, IUserSecurityStampStore<Clinician>, IUserPasskeyStore<Clinician>
{
    public Task<string> GetUserIdAsync(Clinician user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

    public Task<string?> GetUserNameAsync(Clinician user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

    public Task SetUserNameAsync(Clinician user, string? userName, CancellationToken cancellationToken) => Set(() => user.Email = userName ?? "");

    public Task<string?> GetNormalizedUserNameAsync(Clinician user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(Clinician.Normalise(user.Email));

    /// <summary>The normalised name is made from the email, never stored.</summary>
    public Task SetNormalizedUserNameAsync(Clinician user, string? normalizedName, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<IdentityResult> CreateAsync(Clinician user, CancellationToken cancellationToken) => await SaveAsync(user, cancellationToken);

    public async Task<IdentityResult> UpdateAsync(Clinician user, CancellationToken cancellationToken) => await SaveAsync(user, cancellationToken);

    public async Task<IdentityResult> DeleteAsync(Clinician user, CancellationToken cancellationToken)
    {
        session.Delete(user);
        await session.SaveChangesAsync(cancellationToken);
        return IdentityResult.Success;
    }

    public Task<Clinician?> FindByIdAsync(string userId, CancellationToken cancellationToken) => session.LoadAsync<Clinician>(userId, cancellationToken);

    public Task<Clinician?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        session.FindAsync<Clinician>(Clinician.LookupOf(normalizedUserName), cancellationToken);

    public Task<string?> GetPasswordHashAsync(Clinician user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(Clinician user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);

    public Task SetPasswordHashAsync(Clinician user, string? passwordHash, CancellationToken cancellationToken) => Set(() => user.PasswordHash = passwordHash);

    public Task<string?> GetSecurityStampAsync(Clinician user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.SecurityStamp);

    public Task SetSecurityStampAsync(Clinician user, string stamp, CancellationToken cancellationToken) => Set(() => user.SecurityStamp = stamp);

    public Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Clinician user, CancellationToken cancellationToken) =>
        Task.FromResult<IList<UserPasskeyInfo>>([.. user.Factors.Passkeys.Select(Info)]);

    public Task<UserPasskeyInfo?> FindPasskeyAsync(Clinician user, byte[] credentialId, CancellationToken cancellationToken) =>
        Task.FromResult(user.Factors.Passkeys.Where(passkey => Is(passkey, credentialId)).Select(Info).SingleOrDefault());

    /// <summary>Asked only when a passkey is added: ids are random, so reading everybody once is cheap enough.</summary>
    public async Task<Clinician?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        (await session.ListReadableAsync<Clinician>(database, cancellationToken)).Found.FirstOrDefault(user => user.Factors.Passkeys.Exists(passkey => Is(passkey, credentialId)));

    public Task AddOrUpdatePasskeyAsync(Clinician user, UserPasskeyInfo passkey, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Factors change with their audit entry and email, or not at all: see FactorChanged.");

    public Task RemovePasskeyAsync(Clinician user, byte[] credentialId, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Factors change with their audit entry and email, or not at all: see FactorChanged.");

    public void Dispose() { }

    private static bool Is(Passkey passkey, byte[] credentialId) => passkey.Id.AsSpan().SequenceEqual(credentialId);

    private static UserPasskeyInfo Info(Passkey passkey) => new(
        passkey.Id, passkey.PublicKey, passkey.CreatedAt, passkey.SignCount, passkey.Transports, isUserVerified: true, passkey.IsBackupEligible, passkey.IsBackedUp, [], [])
    {
        Name = passkey.Name,
    };

    private async Task<IdentityResult> SaveAsync(Clinician user, CancellationToken cancellation)
    {
        try
        {
            session.Store(user);
            await session.SaveChangesAsync(cancellation);
            return IdentityResult.Success;
        }
        catch (ConcurrencyException)
        {
            return IdentityResult.Failed(new IdentityErrorDescriber().ConcurrencyFailure());
        }
    }

    private static Task Set(Action change)
    {
        change();
        return Task.CompletedTask;
    }
}
