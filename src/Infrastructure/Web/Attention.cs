using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Web;

/// <summary>How many of a clinician's conversations wait for them: unread replies, failed sends, locked and expired links.</summary>
public sealed class Attention(IDatabase database)
{
    public async Task<long> CountAsync(string clinicianId, CancellationToken cancellation) =>
        (await database.QueryAsync<long>("select count(*) from conversations where requester = @clinicianId and attention = 1",
            new { clinicianId }, cancellation))[0];
}
