using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Tests.Support;

public static class StoredCounts
{
    /// <summary>Changes with everything that is stored: events, documents, messages, audit, counters.</summary>
    public static async Task<string> StoredAsync(this TestApp app)
    {
        var counts = await app.WithAsync<IDatabase, IReadOnlyList<long>>(database => database.QueryAsync<long>(
            """
            select count(*) from mt_events union all select coalesce(sum(version), 0) from mt_doc_sealed
            union all select count(*) from wolverine_incoming_envelopes union all select count(*) from audit union all select coalesce(sum(n), 0) from counters
            """, null, CancellationToken.None));
        return string.Join(' ', counts);
    }
}
