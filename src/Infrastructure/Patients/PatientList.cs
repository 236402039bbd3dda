using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Infrastructure.Patients;

/// <param name="Id">Of the patient in this practice.</param>
/// <param name="Born">A keyed hash of the date of birth.</param>
/// <param name="Digest">A keyed hash of what <paramref name="Data"/> holds encrypted.</param>
public sealed record PatientListRow(string Id, string Name, string Born, string Digest, byte[] Data);

/// <summary>A patient of the list that is shown.</summary>
/// <param name="IsFromBefore">Was stored before the date of birth could be searched for.</param>
public sealed record ShownRow(string Digest, bool Missing, bool IsFromBefore = false);

/// <summary>
/// A practice's next list. It is stored beside the one that is shown, in saves that are soon done; one statement then shows it.
/// Whoever begins another ends this one: from then on no save of it changes anything.
/// </summary>
internal sealed class PatientList : IAsyncDisposable
{
    /// <summary>Which rows of <c>patients</c> make the list that <c>@practice</c> shows.</summary>
    public const string Shown =
        "practice = @practice and (select shown from patient_lists where practice = @practice) between from_list and to_list - 1";

    /// <summary>More would make a save of several megabytes, with all its rows locked until it is done.</summary>
    private const int MostOfSave = 2_000;
    private const long NoEnd = long.MaxValue;
    private readonly IDatabase _database;
    private readonly Keyring _keyring;
    private readonly string _practice;
    private readonly long _number;
    private readonly List<Statement> _waiting = [];
    private long _shown;

    private PatientList(IDatabase database, Keyring keyring, string practice, Numbers numbers) =>
        (_database, _keyring, _practice, _number, _shown) = (database, keyring, practice, numbers.Latest, numbers.Shown);

    /// <summary>Begins a list, and removes what a killed process left of another.</summary>
    public static async Task<PatientList> BeginAsync(IDatabase database, Keyring keyring, string practice, CancellationToken cancellation)
    {
        var numbers = await database.WriteAsync<Numbers>(
            """
            insert into patient_lists(practice, shown, latest) values(@practice, 0, 1)
            on conflict(practice) do update set latest = patient_lists.latest + 1
            returning shown, latest
            """, new { practice }, cancellation);
        var list = new PatientList(database, keyring, practice, numbers[0]);
        await list.TidyAsync(cancellation);
        return list;
    }

    /// <summary>The list that is shown, by id.</summary>
    public async Task<Dictionary<string, ShownRow>> ShownRowsAsync(CancellationToken cancellation)
    {
        var rows = await _database.QueryAsync<Row>($"select id, born, digest, missing_since as MissingSince from patients where {Shown}", new { practice = _practice }, cancellation);
        return rows.ToDictionary(row => row.Id, row => new ShownRow(row.Digest, row.MissingSince is not null, row.Born.Length == 0));
    }

    /// <summary>Who of the list that is shown has a name and date of birth.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(string name, string born, CancellationToken cancellation) =>
        await _database.QueryAsync<string>($"select id from patients where {Shown} and name = @name and born = @born", new { practice = _practice, name, born }, cancellation);

    public Task AddAsync(PatientListRow row, CancellationToken cancellation) => SaveAsync(
        new(
            "insert into patients(id, from_list, practice, name, born, digest, data) values(@id, @number, @practice, @name, @born, @digest, @data)",
            Values(("id", row.Id), ("number", _number), ("practice", _practice), ("name", row.Name), ("born", row.Born), ("digest", row.Digest), ("data", row.Data))),
        cancellation);

    /// <summary>This list says something else of a patient.</summary>
    public async Task ReplaceAsync(PatientListRow row, CancellationToken cancellation)
    {
        await EndAsync(row.Id, cancellation);
        await AddAsync(row, cancellation);
    }

    public async Task MarkMissingAsync(string id, DateTimeOffset since, CancellationToken cancellation)
    {
        await EndAsync(id, cancellation);
        await SaveAsync(
            new(
                """
                insert into patients(id, from_list, practice, name, born, digest, missing_since, data)
                select id, @number, practice, name, born, digest, @since, data from patients where id = @id and to_list = @number
                """,
                Values(("id", id), ("number", _number), ("since", Instant.To(since)))),
            cancellation);
    }

    /// <summary>Shows this list instead of the other, and writes that on record.</summary>
    /// <exception cref="ConcurrencyException">Another list was begun meanwhile.</exception>
    public async Task ShowAsync(DateTimeOffset at, string detail, CancellationToken cancellation)
    {
        await SaveWaitingAsync(cancellation);
        // From now on nobody writes to its rows: whoever begins another list ends this one.
        var hash = await _database.QueryAsync<string?>(CurrentHeads.HashOfList("@practice", "@number"), new { practice = _practice, number = _number }, cancellation);
        var entry = new AuditEntry(Instant.To(at), "operator", "imported patients", _practice, detail).Insert(_keyring);
        await _database.SaveAsync(
            [
                new("update patient_lists set shown = latest where practice = @practice and latest = @number",
                    Values(("practice", _practice), ("number", _number)), MustAffect: 1),
                entry,
                Head.Insert(_keyring, [entry.Head!(), new(HeadOf.Patients, _practice, _number, hash[0] ?? "")]),
            ], cancellation);
        _shown = _number;
    }

    /// <summary>Removes the rows of this list if it is not shown, and otherwise those of the list before.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Clear();
        try
        {
            await TidyAsync(CancellationToken.None);
        }
        catch (ConcurrencyException)
        {
            // Whoever began another list has tidied.
        }
    }

    private Task EndAsync(string id, CancellationToken cancellation) => SaveAsync(
        new("update patients set to_list = @number where id = @id and to_list = @end", Values(("id", id), ("number", _number), ("end", NoEnd))), cancellation);

    private async Task TidyAsync(CancellationToken cancellation)
    {
        var rows = await _database.QueryAsync<Row>(
            """
            select id, from_list as FromList, to_list as ToList from patients
            where practice = @practice and (from_list > @shown or to_list <= @shown or to_list < @end)
            """, new { practice = _practice, shown = _shown, end = NoEnd }, cancellation);
        foreach (var row in rows)
        {
            var isShown = row.FromList <= _shown && row.ToList > _shown;
            await SaveAsync(
                isShown
                    ? new("update patients set to_list = @end where id = @id and from_list = @from", Values(("id", row.Id), ("from", row.FromList), ("end", NoEnd)))
                    : new("delete from patients where id = @id and from_list = @from", Values(("id", row.Id), ("from", row.FromList))),
                cancellation);
        }
        await SaveWaitingAsync(cancellation);
    }

    private Task SaveAsync(Statement statement, CancellationToken cancellation)
    {
        _waiting.Add(statement);
        return _waiting.Count < MostOfSave ? Task.CompletedTask : SaveWaitingAsync(cancellation);
    }

    private async Task SaveWaitingAsync(CancellationToken cancellation)
    {
        if (_waiting.Count == 0)
            return;
        var stillTheLatest = new Statement("update patient_lists set latest = latest where practice = @practice and latest = @number",
            Values(("practice", _practice), ("number", _number)), MustAffect: 1);
        await _database.SaveAsync([stillTheLatest, .. _waiting], cancellation);
        _waiting.Clear();
    }

    private static Dictionary<string, object?> Values(params (string Name, object? Value)[] values) => values.ToDictionary(v => v.Name, v => v.Value);

    private sealed class Numbers
    {
        public long Shown { get; init; }
        public long Latest { get; init; }
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Born { get; init; } = "";
        public string Digest { get; init; } = "";
        public long? MissingSince { get; init; }
        public long FromList { get; init; }
        public long ToList { get; init; }
    }
}
