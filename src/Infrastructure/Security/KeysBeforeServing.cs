using Microsoft.AspNetCore.DataProtection;
using PatientResponse.Infrastructure.Hosting;

namespace PatientResponse.Infrastructure.Security;

/// <summary>Reads the keys of cookies and forms while the database is there: otherwise the first form does, and is refused where it has gone away.</summary>
public sealed class KeysBeforeServing(IDataProtectionProvider protection) : IBeforeServing
{
    public Task<string?> PrepareAsync(CancellationToken cancellation)
    {
        protection.CreateProtector("before serving").Protect([0]);
        return Task.FromResult<string?>(null);
    }
}
