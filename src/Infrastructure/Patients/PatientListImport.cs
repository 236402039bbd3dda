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

    /// <summary>Are on the list and stay as they were, because what the new list says of them cannot be read.</summary>
    public long Kept { get; init; }
}

/// <summary>Compares a practice's new list with the one that is shown, and stores what differs. Nothing of it shows before
/// <see cref="TakeOverAsync"/>, and then all of it does.</summary>
public sealed class PatientListImport : IAsyncDisposable
{
    private readonly PatientList _list;
    private readonly Func<PatientRecord, PatientListRow> _row;
    private readonly Dictionary<string, ShownRow> _leftOut;
    private readonly long _before;
    private long _added, _changed, _returned, _unchanged, _kept;
    private bool _keepsAll;

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

    /// <summary>Leaves somebody on the list as they were, after all who come in are added: by the NHS number or else by name and date of birth.</summary>
    /// <param name="patient">As far as the row can be read.</param>
    /// <returns>The patient's id; null where it is nobody on the list, or not to be told who.</returns>
    public async Task<string?> KeepAsync(PatientRecord patient, CancellationToken cancellation)
    {
        var row = _row(patient);
        var ids = patient.NhsNumber != default ? [row.Id]
            : patient.DateOfBirth == default || row.Name == "" ? [] : await _list.FindAsync(row.Name, row.Born, cancellation);
        var known = ids.Where(id => _leftOut.TryGetValue(id, out var was) && !was.Missing).ToList();
        foreach (var id in known)
            _leftOut.Remove(id);
        _kept += known.Count;
        return known.FirstOrDefault();
    }

    /// <summary>Marks nobody as missing: it may be somebody whose row cannot be read.</summary>
    public void KeepAll() => _keepsAll = true;

    /// <summary>Shows the new list, and writes what was done on record.</summary>
    /// <param name="mayTakeOver">Asked with what would change; where it says no, nothing does.</param>
    /// <exception cref="ConcurrencyException">Another import for the practice was begun meanwhile. Nothing has changed.</exception>
    public async Task<ListChanges> TakeOverAsync(DateTimeOffset at, Func<ListChanges, bool> mayTakeOver, CancellationToken cancellation)
    {
        var missing = _leftOut.Where(known => !known.Value.Missing).Select(known => known.Key).ToList();
        var changes = new ListChanges(_added, _changed, _returned, _unchanged, missing.Count, _before) { Kept = _kept };
        if (!mayTakeOver(changes))
            return changes;
        if (_keepsAll)
            (changes, missing) = (changes with { Missing = 0, Kept = changes.Kept + missing.Count }, []);
        foreach (var id in missing)
            await _list.MarkMissingAsync(id, at, cancellation);
        await _list.ShowAsync(
            at, $"{changes.Added} added, {changes.Changed} changed, {changes.Returned} returned, {changes.Unchanged} unchanged, {changes.Missing} missing{(changes.Kept > 0 ? $", {changes.Kept} kept" : "")}", cancellation);
        return changes;
    }

    public ValueTask DisposeAsync() => _list.DisposeAsync();
}
