using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PatientResponse.Infrastructure.Patients.Names;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Patients;

/// <summary>A practice's own list: the name in clear to search by, keyed hashes of the NHS number and the date of birth, all else encrypted.</summary>
public sealed class LocalPatients(IDatabase database, Keyring keyring) : IPatientDirectory
{
    private readonly byte[] _key = keyring.Derive("patients");

    private readonly NameLists _names = new(database);

    public async Task<PatientsFound> SearchAsync(PatientQuery query, Clinician clinician, CancellationToken cancellation)
    {
        var practice = clinician.PracticeId;
        return query switch
        {
            PatientQuery.ByNhsNumber by => Found(await ReadAsync("id = @id", new { practice, id = IdOf(practice, by.NhsNumber) }, cancellation)),
            PatientQuery.ByName { Dob: null } by => await ByNameAsync(by, await _names.OfAsync(practice, cancellation), [], practice, cancellation),
            PatientQuery.ByName by => await ByNameAndBirthAsync(by, by.Dob!, practice, cancellation),
            PatientQuery.ByBirth by => await ByBirthAsync(by, practice, cancellation),
            _ => PatientsFound.None,
        };
    }

    public async Task<Patient?> FindAsync(string id, Clinician clinician, CancellationToken cancellation) =>
        await ReadAsync("id = @id", new { practice = clinician.PracticeId, id }, cancellation) switch
        {
            { Unreadable: [var damaged, ..] } => throw new DamagedException(damaged),
            var (patients, _) => patients.SingleOrDefault(),
        };

    public async Task<IReadOnlyList<string>> KnownNamesAsync(IReadOnlyList<string> fullNames, Clinician clinician, CancellationToken cancellation)
    {
        if (fullNames.Count == 0)
            return [];
        var names = fullNames.ToLookup(name => PatientName.SearchKey(name, ""));
        var (keys, parameters) = Listed(names.Select(name => name.Key), clinician.PracticeId);
        var known = await database.QueryAsync<string>($"select distinct name from patients where {PatientList.Shown} and name in ({keys})", parameters, cancellation);
        return [.. known.Select(key => names[key].First())];
    }

    /// <summary>Begins a new list of the practice.</summary>
    public async Task<PatientListImport> BeginImportAsync(string practice, CancellationToken cancellation)
    {
        var list = await PatientList.BeginAsync(database, practice, cancellation);
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

    /// <param name="more">Found by other means; they come after.</param>
    private async Task<PatientsFound> ByNameAsync(PatientQuery.ByName query, NameList names, IReadOnlyList<NameHit> more, string practice, CancellationToken cancellation)
    {
        IReadOnlyList<NameHit> hits = [.. names.Find(query), .. more];
        var similar = hits.Count > PatientDirectory.MostMatches ? [] : names.FindSimilar(query, PatientDirectory.MostSimilar);
        return await OpenAsync(hits, similar, practice, cancellation);
    }

    private async Task<PatientsFound> ByNameAndBirthAsync(PatientQuery.ByName query, Birth born, string practice, CancellationToken cancellation)
    {
        var rows = await BornAsync(born, practice, orUnknown: true, cancellation);
        // Who was imported before the hash was kept has none: of those, everybody of the name is read.
        var unknown = new NameList([.. rows.Where(row => row.Born == "").Select(row => (row.Id, row.Name))]).Find(query);
        var opened = await ReadAsync([.. unknown.Select(hit => hit.Id)], practice, cancellation);
        var ofThatDay = opened.Patients.Where(patient => born.Contains(patient.DateOfBirth)).Select(patient => patient.Id).ToHashSet();
        return await ByNameAsync(
            query, new([.. rows.Where(row => row.Born != "").Select(row => (row.Id, row.Name))]), [.. unknown.Where(hit => ofThatDay.Contains(hit.Id))], practice, cancellation);
    }

    private async Task<PatientsFound> ByBirthAsync(PatientQuery.ByBirth query, string practice, CancellationToken cancellation)
    {
        var rows = await BornAsync(query.Born, practice, orUnknown: false, cancellation);
        return await OpenAsync([.. rows.Select(row => new NameHit(row.Id, row.Name)).OrderBy(hit => hit.Name, StringComparer.Ordinal)], [], practice, cancellation);
    }

    private Task<IReadOnlyList<BornRow>> BornAsync(Birth born, string practice, bool orUnknown, CancellationToken cancellation)
    {
        var (names, parameters) = Listed(born.Days().Select(day => BornOf(practice, day)).Concat(orUnknown ? [""] : []), practice);
        return database.QueryAsync<BornRow>($"select id, name, born from patients where {PatientList.Shown} and born in ({names})", parameters, cancellation);
    }

    /// <summary>Opens the first of those found, and lists them by name.</summary>
    private async Task<PatientsFound> OpenAsync(IReadOnlyList<NameHit> hits, IReadOnlyList<NameHit> similar, string practice, CancellationToken cancellation)
    {
        var shown = hits.Take(PatientDirectory.MostMatches).ToDictionary(hit => hit.Id, hit => hit.Rank);
        var patients = await ReadAsync([.. shown.Keys, .. similar.Select(hit => hit.Id)], practice, cancellation);
        var byId = patients.Patients.ToDictionary(patient => patient.Id);
        return new(patients.Patients.Where(patient => shown.ContainsKey(patient.Id))
            .OrderBy(p => shown[p.Id]).ThenBy(p => PatientName.Normalise(p.FamilyName)).ThenBy(p => PatientName.Normalise(p.GivenName)).ThenBy(p => p.DateOfBirth))
        {
            AndMore = hits.Count > shown.Count,
            Unreadable = patients.Unreadable,
            Similar = [.. similar.Where(hit => byId.ContainsKey(hit.Id)).Select(hit => byId[hit.Id])],
        };
    }

    private static PatientsFound Found(Records read) => new(read.Patients) { Unreadable = read.Unreadable };

    private async Task<Records> ReadAsync(IReadOnlyList<string> ids, string practice, CancellationToken cancellation)
    {
        if (ids.Count == 0)
            return new([], []);
        var (names, parameters) = Listed(ids, practice);
        return await ReadAsync($"id in ({names})", parameters, cancellation);
    }

    /// <summary>A list as a parameter for each of its values.</summary>
    private static (string Names, Dictionary<string, object> Parameters) Listed(IEnumerable<string> values, string practice)
    {
        var parameters = values.Index().ToDictionary(value => $"v{value.Index}", value => (object)value.Item);
        var names = string.Join(", ", parameters.Keys.Select(name => "@" + name));
        parameters["practice"] = practice;
        return (names, parameters);
    }

    private async Task<Records> ReadAsync(string where, object parameters, CancellationToken cancellation)
    {
        var rows = await database.QueryAsync<Stored>($"select id, data, missing_since as MissingSince from patients where {PatientList.Shown} and {where}", parameters, cancellation);
        var opened = rows.Select(row => (row.Id, Patient: Open(row))).ToList();
        return new([.. opened.Select(row => row.Patient).OfType<Patient>()], [.. opened.Where(row => row.Patient is null).Select(row => "patient/" + row.Id)]);
    }

    /// <summary>Null when it is damaged.</summary>
    private Patient? Open(Stored row)
    {
        try
        {
            return JsonSerializer.Deserialize<Details>(Keyring.Open(_key, row.Data, "patient/" + row.Id))!.ToPatient(row.Id) with { MissingSince = row.MissingSince is { } at ? Instant.From(at) : null };
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

    private sealed record Records(IReadOnlyList<Patient> Patients, IReadOnlyList<string> Unreadable);

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
