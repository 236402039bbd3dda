using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.SecondFactor;

/// <summary>Recovery codes that were made just now, encrypted like every document, until the person says that they have them: an answer
/// that was lost, such as that to the first click of a double click, can be fetched again. Then only their hashes are left.</summary>
/// <param name="Id">Of the clinician.</param>
public sealed record UnreadCodes(string Id, IReadOnlyList<string> Codes, DateTimeOffset MadeAt) : IShortLived
{
    public const string Address = "/account/recovery-codes";

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    public DateTimeOffset? Expires => MadeAt + Lifetime;

    /// <summary>Adds codes to the unit of work that makes them, in place of older ones.</summary>
    public static async Task StoreAsync(IDocumentSession documents, Clinician clinician, IReadOnlyList<string> codes, TimeProvider time)
    {
        if (codes.Count == 0)
            return;
        await documents.LoadAsync<UnreadCodes>(clinician.Id);
        documents.Store(new UnreadCodes(clinician.Id, codes, time.GetUtcNow()));
    }

    /// <summary>Those of a person; empty when there are none, or they took too long.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(IDocumentSession documents, Clinician clinician, DateTimeOffset now, CancellationToken cancellation) =>
        await documents.LoadAsync<UnreadCodes>(clinician.Id, cancellation) is { } unread && !Lifetime.HasPassed(unread.MadeAt, now) ? unread.Codes : [];
}
