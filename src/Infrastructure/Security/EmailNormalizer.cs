using Microsoft.AspNetCore.Identity;

namespace PatientResponse.Infrastructure.Security;

/// <summary>One spelling for one email, the same one that tries are counted under: Identity's own folds more letters
/// together, and each of them would give anew ten tries.</summary>
public sealed class EmailNormalizer : ILookupNormalizer
{
    public string? NormalizeName(string? name) => name is null ? null : Clinician.Normalise(name);

    public string? NormalizeEmail(string? email) => NormalizeName(email);
}
