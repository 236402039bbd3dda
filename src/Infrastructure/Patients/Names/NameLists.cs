using System.Collections.Concurrent;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Patients.Names;

/// <summary>
/// The names of the lists that practices show, kept in memory: reading 200,000 of them takes longer than anybody wants to wait for a key.
/// A list never changes under its number, so asking for the number tells whether what is kept is still true, whichever copy imported.
/// </summary>
internal sealed class NameLists(IDatabase database)
{
    /// <summary>About 150 bytes each.</summary>
    private const int MostKept = 1_000_000;
    private readonly ConcurrentDictionary<string, Kept> _kept = [];
    private long _uses;

    /// <summary>The list in memory and its number; null where there is none. Whether it is still the one that is shown, <see cref="Shown"/> tells.</summary>
    public (long Number, NameList Names)? Known(string practice)
    {
        if (!_kept.TryGetValue(practice, out var kept) || !kept.IsSettled)
            return null;
        kept.LastUse = Interlocked.Increment(ref _uses);
        return (kept.Number, kept.Names.Value.Result);
    }

    public static Question Shown(string practice, Answer<IReadOnlyList<long>> answer) =>
        Question.Of("select shown from patient_lists where practice = @practice", Question.Named(new { practice }), answer);

    public async Task<NameList> OfAsync(string practice, CancellationToken cancellation)
    {
        while (true)
        {
            var shown = await ShownAsync(practice, cancellation);
            var kept = _kept.AddOrUpdate(practice, _ => New(practice, shown), (_, known) => known.Number == shown ? known : New(practice, shown));
            kept.LastUse = Interlocked.Increment(ref _uses);
            // Whoever asked first may go away; the others go on waiting.
            var list = await kept.Names.Value.WaitAsync(cancellation);
            // While it was read, another may have taken its place, and rows of it may have been removed.
            if (kept.IsSettled || await ShownAsync(practice, cancellation) == shown)
            {
                kept.IsSettled = true;
                MakeRoom(practice);
                return list;
            }
            _kept.TryRemove(new(practice, kept));
        }
    }

    private Kept New(string practice, long shown) => new(shown, new(() => ReadAsync(practice)));

    private async Task<NameList> ReadAsync(string practice)
    {
        try
        {
            var rows = await database.QueryAsync<Row>($"select id, name from patients where {PatientList.Shown}", new { practice }, CancellationToken.None);
            return new([.. rows.Select(row => (row.Id, row.Name))]);
        }
        catch
        {
            // An outage is not kept.
            _kept.TryRemove(practice, out _);
            throw;
        }
    }

    private async Task<long> ShownAsync(string practice, CancellationToken cancellation) =>
        (await database.QueryAsync<long>("select shown from patient_lists where practice = @practice", new { practice }, cancellation)) is [var shown] ? shown : 0;

    /// <summary>Forgets the lists that were not searched for the longest time.</summary>
    private void MakeRoom(string practice)
    {
        var room = MostKept;
        foreach (var (other, kept) in _kept.OrderByDescending(known => known.Value.LastUse))
            if (kept.Names.Value.IsCompletedSuccessfully && (room -= kept.Names.Value.Result.Count) < 0 && other != practice)
                _kept.TryRemove(new(other, kept));
    }

    private sealed record Kept(long Number, Lazy<Task<NameList>> Names)
    {
        public bool IsSettled { get; set; }

        public long LastUse { get; set; }
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
    }
}
