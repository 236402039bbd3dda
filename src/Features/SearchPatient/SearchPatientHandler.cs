using System.Globalization;
using PatientResponse.Infrastructure.Patients;

namespace PatientResponse.Features.SearchPatient;

/// <summary>What a search led to, in words that say what to do next.</summary>
public static class SearchPatientHandler
{
    /// <param name="matches">Null when there are too many.</param>
    /// <param name="recent">Whom the clinician messaged lately, newest first: they lead what was found.</param>
    public static SearchPatientModel Handle(Typed typed, PatientQuery query, IReadOnlyList<Patient>? matches, IReadOnlyList<RecentPatient> recent) => (query, matches) switch
    {
        (PatientQuery.Empty, _) => new(typed, null, null) { IsFirstVisit = true, Found = [.. recent.Select(Found)] },
        (PatientQuery.Mistaken mistaken, _) => new(typed, null, null) { Errors = [new(mistaken.InDob ? "dob" : "q", mistaken.Message)] },
        (PatientQuery.ByName { Dob: null } by, null) => TooMany(typed, "Add a first name or a date of birth, or search by NHS number.", by, recent),
        (_, null) => TooMany(typed, "Add a first name, or search by NHS number.", query as PatientQuery.ByName, recent),
        (PatientQuery.ByNhsNumber by, []) => new(typed, "No patient found",
            $"No patient of your practice has the NHS number {by.NhsNumber}. Check it against the record, or search by name."),
        (PatientQuery.ByNhsNumber { Dob: { } dob } by, [var patient]) when patient.DateOfBirth != dob => new(Shown(typed, query), "No patient found",
            $"The patient with the NHS number {by.NhsNumber} was not born on {Born(dob)}. Check both against the record.")
        { OffersWithoutDob = true },
        (PatientQuery.ByName { Dob: null }, []) => new(typed, "No patient found",
            "No patient of your practice has this name. Check the spelling, try the family name alone, or search by NHS number."),
        (PatientQuery.ByName { Dob: { } dob } by, []) => new(Shown(typed, by), "No patient found",
            $"No patient of your practice has this name and was born on {Born(dob)}. Check the date, or search by NHS number.")
        { OffersWithoutDob = true },
        _ => new(Shown(typed, query), matches.Count == 1 ? "1 patient found" : $"{matches.Count} patients found", "Check the date of birth and NHS number before you send a message.")
        {
            Found =
            [
                .. recent.Where(r => matches.Any(patient => patient.Id == r.Patient.Id)).Select(Found),
                .. matches.Where(patient => recent.All(r => r.Patient.Id != patient.Id)).Select(patient => new FoundPatient(patient, patient.Obstacle)),
            ],
        },
    };

    /// <summary>For the record: by what was searched and how many were found, never what was typed. Null when nothing was looked for.</summary>
    public static string? Audit(PatientQuery query, IReadOnlyList<Patient>? matches) => query switch
    {
        PatientQuery.ByNhsNumber => $"by NHS number: {Count(matches)}",
        PatientQuery.ByName { Dob: null } => $"by name: {Count(matches)}",
        PatientQuery.ByName => $"by name and date of birth: {Count(matches)}",
        _ => null,
    };

    private static string Count(IReadOnlyList<Patient>? matches) =>
        matches is null ? $"more than {PatientDirectory.MostMatches} found" : $"{matches.Count} found";

    private static SearchPatientModel TooMany(Typed typed, string advice, PatientQuery.ByName? query, IReadOnlyList<RecentPatient> recent)
    {
        var known = query is null ? [] : recent.Where(r => Matches(query, r.Patient)).Select(Found).ToList();
        return new(typed, "Too many patients found", $"More than {PatientDirectory.MostMatches} patients match. {advice}") { Found = known, OnlyRecent = true };
    }

    private static bool Matches(PatientQuery.ByName query, Patient patient) =>
        PatientName.Matches(PatientName.SearchKey(patient.GivenName, patient.FamilyName), query) && (query.Dob is null || query.Dob == patient.DateOfBirth);

    private static FoundPatient Found(RecentPatient recent) => new(recent.Patient, recent.Patient.Obstacle) { MessagedAt = recent.At };

    private static Typed Shown(Typed typed, PatientQuery query) =>
        query.Dob is { } dob ? typed with { Dob = dob.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) } : typed;

    private static string Born(DateOnly dob) => Infrastructure.Web.UkTime.Format(dob);
}
