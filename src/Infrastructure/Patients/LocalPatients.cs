using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PatientResponse.Infrastructure.Patients.Names;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Infrastructure.Patients;

/// <summary>A practice's own list: the name in clear to search by, keyed hashes of the NHS number and the date of birth, all else encrypted.</summary>
public sealed class LocalPatients(IDatabase database, Keyring keyring) : IPatientDirectory
{
    private readonly byte[] _key = keyring.Derive("patients");

    private readonly NameLists _names = new(database);

    public async Task<PatientsFound> SearchAsync(PatientQuery query, Clinician clinician, CancellationToken cancellation) =>
        (await SearchAsync(query, [], clinician, cancellation)).Found;

    public async Task<(PatientsFound Found, IReadOnlyList<Patient> Others)> SearchAsync(
        PatientQuery query, IReadOnlyList<string> others, Clinician clinician, CancellationToken cancellation)
    {
        var practice = clinician.PracticeId;
        return query switch
        {
            PatientQuery.ByNhsNumber by => await ByNumberAsync(IdOf(practice, by.NhsNumber), others, practice, cancellation),
            PatientQuery.ByName { Dob: null } by => await ByNameAsync(by, others, practice, cancellation),
            PatientQuery.ByName by => await ByNameAndBirthAsync(by, by.Dob!, others, practice, cancellation),
            PatientQuery.ByBirth by => await ByBirthAsync(by, others, practice, cancellation),
            _ => (PatientsFound.None, (await ReadAsync(others, practice, cancellation)).Patients),
        };
    }

    public async Task<Patient?> FindAsync(string id, Clinician clinician, CancellationToken cancellation) =>
        (await ReadAsync([id], clinician.PracticeId, cancellation)).Single();

    public async Task<(Patient? Patient, IReadOnlyList<string> KnownNames)> FindAsync(
        string id, IReadOnlyList<string> fullNames, Clinician clinician, CancellationToken cancellation)
    {
        var (patient, known) = (new Answer<IReadOnlyList<Stored>>(), new Answer<IReadOnlyList<string>>());
        var names = fullNames.ToLookup(name => PatientName.SearchKey(name, ""));
        var questions = new List<Question> { ById([id], clinician.PracticeId, patient) };
        if (names.Count > 0)
            questions.Add(Known(names, clinician.PracticeId, known));
        await database.ReadAsync(questions, cancellation);
        return (Opened(patient.Value, clinician.PracticeId).Single(), names.Count == 0 ? [] : [.. known.Value.SelectMany(key => names[key])]);
    }

    public async Task<IReadOnlyList<string>> KnownNamesAsync(IReadOnlyList<string> fullNames, Clinician clinician, CancellationToken cancellation)
    {
        var names = fullNames.ToLookup(name => PatientName.SearchKey(name, ""));
        if (names.Count == 0)
            return [];
        var known = new Answer<IReadOnlyList<string>>();
        await database.ReadAsync([Known(names, clinician.PracticeId, known)], cancellation);
        return [.. known.Value.Select(key => names[key].First())];
    }

    /// <summary>Begins a new list of the practice.</summary>
    public async Task<PatientListImport> BeginImportAsync(string practice, CancellationToken cancellation)
    {
        var list = await PatientList.BeginAsync(database, keyring, practice, cancellation);
        return new(list, await list.ShownRowsAsync(cancellation), patient => Row(practice, patient));
    }

    /// <summary>Makes these the whole list of the practice.</summary>
    public async Task<ListChanges> ImportAsync(string practice, IEnumerable<PatientRecord> patients, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var import = await BeginImportAsync(practice, cancellation);
        foreach (var patient in patients)
            await import.AddAsync(patient, cancellation);
        return await import.TakeOverAsync(at, _ => true, cancellation);
    }

    private async Task<(PatientsFound, IReadOnlyList<Patient>)> ByNumberAsync(string id, IReadOnlyList<string> others, string practice, CancellationToken cancellation)
    {
        var patients = await ReadAsync([id, .. others], practice, cancellation);
        return (new(patients.Patients.Where(patient => patient.Id == id)) { Unreadable = patients.DamagedOf([id]) }, [.. patients.Patients.Where(patient => others.Contains(patient.Id))]);
    }

    /// <summary>In the names that are in memory. Whether they are still those of the list that is shown, the answer says that opens whom they found.</summary>
    private async Task<(PatientsFound, IReadOnlyList<Patient>)> ByNameAsync(PatientQuery.ByName query, IReadOnlyList<string> others, string practice, CancellationToken cancellation)
    {
        if (_names.Known(practice) is var (number, names))
        {
            var (hits, similar) = Search(query, names, []);
            var shown = new Answer<IReadOnlyList<long>>();
            var found = await OpenAsync(hits, similar, others, practice, cancellation, NameLists.Shown(practice, shown));
            if ((shown.Value is [var still] ? still : 0) == number)
                return found;
        }
        return await ByNameAsync(query, await _names.OfAsync(practice, cancellation), [], others, practice, cancellation);
    }

    /// <param name="more">Found by other means; they come after.</param>
    private Task<(PatientsFound, IReadOnlyList<Patient>)> ByNameAsync(
        PatientQuery.ByName query, NameList names, IReadOnlyList<NameHit> more, IReadOnlyList<string> others, string practice, CancellationToken cancellation)
    {
        var (hits, similar) = Search(query, names, more);
        return OpenAsync(hits, similar, others, practice, cancellation);
    }

    private static (IReadOnlyList<NameHit> Hits, IReadOnlyList<NameHit> Similar) Search(PatientQuery.ByName query, NameList names, IReadOnlyList<NameHit> more)
    {
        IReadOnlyList<NameHit> hits = [.. names.Find(query), .. more];
        return (hits, hits.Count > PatientDirectory.MostMatches ? [] : names.FindSimilar(query, PatientDirectory.MostSimilar));
    }

    private async Task<(PatientsFound, IReadOnlyList<Patient>)> ByNameAndBirthAsync(
        PatientQuery.ByName query, Birth born, IReadOnlyList<string> others, string practice, CancellationToken cancellation)
    {
        var rows = await BornAsync(born, practice, orUnknown: true, cancellation);
        // Who was imported before the hash was kept has none: of those, everybody of the name is read.
        var unknown = new NameList([.. rows.Where(row => row.Born == "").Select(row => (row.Id, row.Name))]).Find(query);
        var opened = await ReadAsync([.. unknown.Select(hit => hit.Id)], practice, cancellation);
        var ofThatDay = opened.Patients.Where(patient => born.Contains(patient.DateOfBirth)).Select(patient => patient.Id).ToHashSet();
        return await ByNameAsync(
            query, new([.. rows.Where(row => row.Born != "").Select(row => (row.Id, row.Name))]), [.. unknown.Where(hit => ofThatDay.Contains(hit.Id))], others, practice, cancellation);
    }

    private async Task<(PatientsFound, IReadOnlyList<Patient>)> ByBirthAsync(PatientQuery.ByBirth query, IReadOnlyList<string> others, string practice, CancellationToken cancellation)
    {
        var rows = await BornAsync(query.Born, practice, orUnknown: false, cancellation);
        return await OpenAsync([.. rows.Select(row => new NameHit(row.Id, row.Name)).OrderBy(hit => hit.Name, StringComparer.Ordinal)], [], others, practice, cancellation);
    }

    private Task<IReadOnlyList<BornRow>> BornAsync(Birth born, string practice, bool orUnknown, CancellationToken cancellation)
    {
        string[] days = [.. born.Days().Select(day => BornOf(practice, day)), .. orUnknown ? [""] : Array.Empty<string>()];
        return database.QueryAsync<BornRow>($"select id, name, born from patients where {PatientList.Shown} and born = any(@days)", new { practice, days }, cancellation);
    }

    /// <summary>Opens the first of those found, and lists them by name.</summary>
    private async Task<(PatientsFound, IReadOnlyList<Patient>)> OpenAsync(
        IReadOnlyList<NameHit> hits, IReadOnlyList<NameHit> similar, IReadOnlyList<string> others, string practice, CancellationToken cancellation, params Question[] before)
    {
        var shown = hits.Take(PatientDirectory.MostMatches).ToDictionary(hit => hit.Id, hit => hit.Rank);
        var patients = await ReadAsync([.. shown.Keys, .. similar.Select(hit => hit.Id), .. others], practice, cancellation, before);
        var byId = patients.Patients.ToDictionary(patient => patient.Id);
        return (new(patients.Patients.Where(patient => shown.ContainsKey(patient.Id))
            .OrderBy(p => shown[p.Id]).ThenBy(p => PatientName.Normalise(p.FamilyName)).ThenBy(p => PatientName.Normalise(p.GivenName)).ThenBy(p => p.DateOfBirth))
        {
            AndMore = hits.Count > shown.Count,
            // Of the others, whoever searches for them is told.
            Unreadable = patients.DamagedOf([.. shown.Keys, .. similar.Select(hit => hit.Id)]),
            Similar = [.. similar.Where(hit => byId.ContainsKey(hit.Id)).Select(hit => byId[hit.Id])],
        }, [.. others.Where(byId.ContainsKey).Select(id => byId[id])]);
    }

    private async Task<Records> ReadAsync(IReadOnlyList<string> ids, string practice, CancellationToken cancellation, params Question[] before)
    {
        var rows = new Answer<IReadOnlyList<Stored>>();
        if (ids.Count > 0 || before.Length > 0)
            await database.ReadAsync([.. before, .. ids.Count > 0 ? [ById(ids, practice, rows)] : Array.Empty<Question>()], cancellation);
        return Opened(ids.Count == 0 ? [] : rows.Value, practice);
    }

    private Records Opened(IReadOnlyList<Stored> rows, string practice)
    {
        var opened = rows.Select(row => (row.Id, Patient: Open(row, practice))).ToList();
        return new([.. opened.Select(row => row.Patient).OfType<Patient>()], [.. opened.Where(row => row.Patient is null).Select(row => row.Id)]);
    }

    private static Question ById(IReadOnlyList<string> ids, string practice, Answer<IReadOnlyList<Stored>> answer) => Question.Of(
        $"select id, data, missing_since as MissingSince from patients where {PatientList.Shown} and id = any(@ids)", Question.Named(new { practice, ids = ids.ToArray() }), answer);

    private static Question Known(ILookup<string, string> names, string practice, Answer<IReadOnlyList<string>> answer) => Question.Of(
        $"select distinct name from patients where {PatientList.Shown} and name = any(@keys)", Question.Named(new { practice, keys = names.Select(name => name.Key).ToArray() }), answer);

    /// <summary>Null when it is damaged, or another practice's: the column that says whose it is proves nothing, the id is made of it.</summary>
    private Patient? Open(Stored row, string practice)
    {
        try
        {
            var patient = JsonSerializer.Deserialize<Details>(Keyring.Open(_key, row.Data, "patient/" + row.Id))!.ToPatient(row.Id);
            return IdOf(practice, patient.NhsNumber) == row.Id ? patient with { MissingSince = row.MissingSince is { } at ? Instant.From(at) : null } : null;
        }
        catch (Exception e) when (DamagedException.Is(e))
        {
            return null;
        }
    }

    private PatientListRow Row(string practice, PatientRecord patient)
    {
        var id = IdOf(practice, patient.NhsNumber);
        var details = JsonSerializer.SerializeToUtf8Bytes(new Details(
            patient.Title, patient.GivenName, patient.FamilyName, patient.NhsNumber.Value, patient.DateOfBirth, patient.Mobile, patient.Deceased, patient.Restricted));
        return new(
            id, PatientName.SearchKey(patient.GivenName, patient.FamilyName), BornOf(practice, patient.DateOfBirth),
            keyring.Lookup("patient", Convert.ToBase64String(details)), Keyring.Seal(_key, details, "patient/" + id));
    }

    /// <summary>The same patient keeps the same id through every import.</summary>
    private string IdOf(string practice, NhsNumber number) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(practice + "/" + keyring.Lookup("nhs-number", number.Value))))[..32];

    private string BornOf(string practice, DateOnly dob) => keyring.Lookup("date-of-birth", $"{practice}/{dob:yyyy-MM-dd}");

    /// <param name="Born">The keyed hash.</param>
    private sealed record BornRow(string Id, string Name, string Born);

    /// <param name="Damaged">The ids of those that do not open.</param>
    private sealed record Records(IReadOnlyList<Patient> Patients, IReadOnlyList<string> Damaged)
    {
        /// <summary>As <c>verify</c> names them.</summary>
        public IReadOnlyList<string> DamagedOf(IEnumerable<string> ids) => [.. Damaged.Intersect(ids).Select(Name)];

        /// <summary>The only one; null where there is none.</summary>
        public Patient? Single() => Damaged is [var damaged, ..] ? throw new DamagedException(Name(damaged)) : Patients.SingleOrDefault();

        private static string Name(string id) => "patient/" + id;
    }

    private sealed record Stored(string Id, byte[] Data, long? MissingSince);

    private sealed record Details(
        string Title, string GivenName, string FamilyName, string NhsNumber, DateOnly DateOfBirth, string? Mobile, bool Deceased, bool Restricted)
    {
        public Patient ToPatient(string id)
        {
            // Of a restricted record nothing may be known that helps to find the person.
            var onRecord = Restricted ? null : Mobile;
            var hasMobile = UkMobile.TryParse(onRecord, out var mobile, out var problem);
            return new(id, Title, GivenName, FamilyName, Patients.NhsNumber.Parse(NhsNumber), DateOfBirth,
                hasMobile ? mobile : null, string.IsNullOrWhiteSpace(onRecord) ? "" : problem, Deceased, Restricted, IsTest: false);
        }
    }
}
