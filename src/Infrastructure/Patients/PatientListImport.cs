using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Patients;

/// <summary>What a new list changes.</summary>
/// <param name="Returned">Were missing from the list before, and are on it again.</param>
/// <param name="Missing">Are not on the new list; they stay, marked.</param>
/// <param name="Before">How many were on the list before.</param>
public sealed record ListChanges(long Added, long Changed, long Returned, long Unchanged, long Missing, long Before)
{
    /// <summary>A list that leaves out so many is probably not the whole list.</summary>
    private const int TooManyMissing = 5;

    /// <summary>More than a fifth would be marked as missing.</summary>
    public bool LeavesOutTooMany => Missing * TooManyMissing > Before;
}

/// <summary>A practice's new list on its way in: nothing shows before <see cref="TakeOverAsync"/>, and then all of it does.</summary>
public sealed class PatientListImport(IStaging staging, string practice, Func<PatientRecord, object[]> row) : IAsyncDisposable
{
    internal static readonly StagingTable Table = new("new_list", ["id", "nhs_number", "name", "digest", "data"], "patients");

    public Task AddAsync(PatientRecord patient, CancellationToken cancellation) => staging.AddAsync(row(patient), cancellation);

    /// <summary>Takes the list over, and writes what was done on record, in one transaction.</summary>
    /// <param name="mayTakeOver">Asked with what would change; where it says no, nothing does.</param>
    public async Task<ListChanges> TakeOverAsync(DateTimeOffset at, Func<ListChanges, bool> mayTakeOver, CancellationToken cancellation)
    {
        await staging.BeginAsync(cancellation);
        var changes = await CompareAsync(cancellation);
        if (!mayTakeOver(changes))
            return changes;
        // In the order of the key, which is the order on disk.
        await staging.ExecuteAsync(
            """
            insert into patients(id, practice, nhs_number, name, digest, data)
            select id, @practice, nhs_number, name, digest, data from new_list where 1 = 1 order by id
            on conflict(id) do update set name = excluded.name, digest = excluded.digest, data = excluded.data, missing_since = null
            where patients.digest <> excluded.digest or patients.missing_since is not null
            """, new { practice }, cancellation);
        await staging.ExecuteAsync(
            $"update patients set missing_since = @at where {NewlyMissing}", new { practice, at = Instant.To(at) }, cancellation);
        await staging.ExecuteAsync(
            "insert into audit(at, actor, action, subject, detail) values(@at, 'operator', 'imported patients', @practice, @detail)",
            new
            {
                at = Instant.To(at),
                practice,
                detail = $"{changes.Added} added, {changes.Changed} changed, {changes.Returned} returned, {changes.Unchanged} unchanged, {changes.Missing} missing",
            }, cancellation);
        await staging.CommitAsync(cancellation);
        return changes;
    }

    public ValueTask DisposeAsync() => staging.DisposeAsync();

    private const string NewlyMissing =
        "practice = @practice and missing_since is null and not exists (select 1 from new_list n where n.id = patients.id)";

    private async Task<ListChanges> CompareAsync(CancellationToken cancellation)
    {
        var total = await CountAsync("new_list");
        var known = await CountAsync("new_list n join patients p on p.id = n.id");
        var returned = await CountAsync("new_list n join patients p on p.id = n.id where p.missing_since is not null");
        var changed = await CountAsync("new_list n join patients p on p.id = n.id where p.missing_since is null and p.digest <> n.digest");
        return new(total - known, changed, returned, known - returned - changed,
            await CountAsync($"patients where {NewlyMissing}"), await CountAsync("patients where practice = @practice and missing_since is null"));

        Task<long> CountAsync(string from) => staging.ScalarAsync<long>($"select count(*) from {from}", new { practice }, cancellation);
    }
}
