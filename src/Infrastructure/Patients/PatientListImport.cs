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

/// <summary>Compares a practice's new list with the one that is shown, and stores what differs. Nothing of it shows before
/// <see cref="TakeOverAsync"/>, and then all of it does.</summary>
public sealed class PatientListImport : IAsyncDisposable
{
    private readonly PatientList _list;
    private readonly Func<PatientRecord, PatientListRow> _row;
    private readonly Dictionary<string, ShownRow> _leftOut;
    private readonly long _before;
    private long _added, _changed, _returned, _unchanged;

    /// <param name="shown">The list so far. Who comes in is taken out of it.</param>
    internal PatientListImport(PatientList list, Dictionary<string, ShownRow> shown, Func<PatientRecord, PatientListRow> row)
    {
        (_list, _leftOut, _row) = (list, shown, row);
        _before = shown.Values.LongCount(known => !known.Missing);
    }

    /// <param name="patient">Each only once.</param>
    /// <exception cref="ConcurrencyException">Another import for the practice was begun meanwhile.</exception>
    public Task AddAsync(PatientRecord patient, CancellationToken cancellation)
    {
        var row = _row(patient);
        if (!_leftOut.Remove(row.Id, out var known))
        {
            _added++;
            return _list.AddAsync(row, cancellation);
        }
        if (known.Digest == row.Digest && !known.Missing)
        {
            _unchanged++;
            return known.IsFromBefore ? _list.ReplaceAsync(row, cancellation) : Task.CompletedTask;
        }
        if (known.Missing)
            _returned++;
        else
            _changed++;
        return _list.ReplaceAsync(row, cancellation);
    }

    /// <summary>Shows the new list, and writes what was done on record.</summary>
    /// <param name="mayTakeOver">Asked with what would change; where it says no, nothing does.</param>
    /// <exception cref="ConcurrencyException">Another import for the practice was begun meanwhile. Nothing has changed.</exception>
    public async Task<ListChanges> TakeOverAsync(DateTimeOffset at, Func<ListChanges, bool> mayTakeOver, CancellationToken cancellation)
    {
        var missing = _leftOut.Where(known => !known.Value.Missing).Select(known => known.Key).ToList();
        var changes = new ListChanges(_added, _changed, _returned, _unchanged, missing.Count, _before);
        if (!mayTakeOver(changes))
            return changes;
        foreach (var id in missing)
            await _list.MarkMissingAsync(id, at, cancellation);
        await _list.ShowAsync(
            at, $"{changes.Added} added, {changes.Changed} changed, {changes.Returned} returned, {changes.Unchanged} unchanged, {changes.Missing} missing", cancellation);
        return changes;
    }

    public ValueTask DisposeAsync() => _list.DisposeAsync();
}
