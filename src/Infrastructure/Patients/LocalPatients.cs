using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Patients;

/// <summary>A practice's own list: the name in clear to search by, keyed hashes of the NHS number and the date of birth, all else encrypted.</summary>
public sealed class LocalPatients(IDatabase database, Keyring keyring) : IPatientDirectory
{
    private readonly byte[] _key = keyring.Derive("patients");

    public async Task<IReadOnlyList<Patient>?> SearchAsync(PatientQuery query, Clinician clinician, CancellationToken cancellation)
    {
        var practice = clinician.PracticeId;
        return query switch
        {
            PatientQuery.ByNhsNumber by => await ReadAsync("id = @id", new { practice, id = IdOf(practice, by.NhsNumber) }, cancellation),
            PatientQuery.ByName by => await ByNameAsync(by, practice, cancellation),
            _ => [],
        };
    }

    public async Task<Patient?> FindAsync(string id, Clinician clinician, CancellationToken cancellation) =>
        (await ReadAsync("id = @id", new { practice = clinician.PracticeId, id }, cancellation)).SingleOrDefault();

    public async Task<IReadOnlyList<string>> KnownNamesAsync(IReadOnlyList<string> fullNames, Clinician clinician, CancellationToken cancellation)
    {
        if (fullNames.Count == 0)
            return [];
        var names = fullNames.ToLookup(name => PatientName.SearchKey(name, ""));
        // The engines do not agree on how to pass a list.
        var parameters = names.Index().ToDictionary(name => $"n{name.Index}", name => (object)name.Item.Key);
        var keys = string.Join(", ", parameters.Keys.Select(name => "@" + name));
        parameters["practice"] = clinician.PracticeId;
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

    private async Task<IReadOnlyList<Patient>?> ByNameAsync(PatientQuery.ByName query, string practice, CancellationToken cancellation)
    {
        // Each token begins a word of the name. Tokens hold letters, their marks and digits only, so none is a wildcard.
        var tokens = query.Tokens.Select((token, i) => (Name: "t" + i, Value: "% " + token + "%")).ToList();
        var parameters = tokens.ToDictionary(token => token.Name, token => (object)token.Value);
        parameters["practice"] = practice;
        var where = string.Join(" and ", tokens.Select(token => $"name like @{token.Name}"));
        if (query.Dob is { } dob)
        {
            // Who was imported before the hash was kept has none: of those, everybody of the name is read.
            where += " and born in (@born, '')";
            parameters["born"] = BornOf(practice, dob);
        }
        var found = await ReadAsync(query.Dob is null ? $"{where} limit {PatientDirectory.MostMatches + 1}" : where, parameters, cancellation);
        var matches = found.Where(patient => query.Dob is null || patient.DateOfBirth == query.Dob).ToList();
        return matches.Count > PatientDirectory.MostMatches ? null
            : [.. matches.OrderBy(p => PatientName.Normalise(p.FamilyName)).ThenBy(p => PatientName.Normalise(p.GivenName)).ThenBy(p => p.DateOfBirth)];
    }

    private async Task<IReadOnlyList<Patient>> ReadAsync(string where, object parameters, CancellationToken cancellation)
    {
        var rows = await database.QueryAsync<Stored>($"select id, data, missing_since as MissingSince from patients where {PatientList.Shown} and {where}", parameters, cancellation);
        return [.. rows.Select(row => JsonSerializer.Deserialize<Details>(Keyring.Open(_key, row.Data, "patient/" + row.Id))!.ToPatient(row.Id) with { MissingSince = row.MissingSince is { } at ? Instant.From(at) : null })];
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
