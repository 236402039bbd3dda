using System.Globalization;
using PatientResponse.Infrastructure.Patients;

namespace PatientResponse.Features.SearchPatient;

/// <summary>What a search led to, in words that say what to do next.</summary>
public static class SearchPatientHandler
{
    private const string CheckWho = "Check the date of birth and NHS number before you send a message.";

    /// <param name="recent">Whom the clinician messaged lately, newest first: they lead what was found.</param>
    public static SearchPatientModel Handle(Typed typed, PatientQuery query, PatientsFound found, IReadOnlyList<RecentPatient> recent) =>
        Readable(typed, query, found, recent) with { Unreadable = found.Unreadable };

    private static SearchPatientModel Readable(Typed typed, PatientQuery query, PatientsFound found, IReadOnlyList<RecentPatient> recent) => (query, found) switch
    {
        (PatientQuery.Empty, _) => new(typed, null, null) { IsFirstVisit = true, Found = [.. recent.Select(Found)] },
        (PatientQuery.Mistaken mistaken, _) => new(typed, null, null) { Errors = [new(mistaken.InDob ? "dob" : "q", mistaken.Message)] },
        (_, { Count: 0, Unreadable.Count: > 0 }) => new(Shown(typed, query), "No patient found that can be read", null) { Similar = [.. found.Similar.Select(Found)] },
        (_, []) => Nobody(Shown(typed, query), query) with { Similar = [.. found.Similar.Select(Found)] },
        (PatientQuery.ByNhsNumber { Dob: { } dob } by, [var patient]) when !dob.Contains(patient.DateOfBirth) => new(Shown(typed, query), "No patient found",
            $"The patient with the NHS number {by.NhsNumber} was not born {dob.Text}. Check both against the record.")
        { WithoutDob = by.NhsNumber.ToString() },
        _ => new(Shown(typed, query), Heading(found), found.AndMore ? $"These are the first {PatientDirectory.MostMatches}. {Narrower(query)}" : CheckWho)
        {
            Found = [.. Leading(query, found, recent), .. found.Where(patient => recent.All(r => r.Patient.Id != patient.Id)).Select(Found)],
            Similar = [.. found.Similar.Select(Found)],
        },
    };

    /// <summary>For the record: by what was searched and how many were found, never what was typed. Null when nothing was looked for.</summary>
    public static string? Audit(PatientQuery query, PatientsFound found) => query switch
    {
        PatientQuery.ByNhsNumber => $"by NHS number: {Count(found)}",
        PatientQuery.ByName { Dob: null } => $"by name: {Count(found)}",
        PatientQuery.ByName => $"by name and date of birth: {Count(found)}",
        PatientQuery.ByBirth => $"by date of birth: {Count(found)}",
        _ => null,
    };

    private static string Count(PatientsFound found) =>
        (found.AndMore ? $"more than {found.Count} found" : $"{found.Count} found") + (found.Similar.Count > 0 ? $", {found.Similar.Count} similar" : "");

    private static string Heading(PatientsFound found) =>
        found.AndMore ? $"More than {PatientDirectory.MostMatches} patients found" : found.Count == 1 ? "1 patient found" : $"{found.Count} patients found";

    private static string Narrower(PatientQuery query) => query switch
    {
        PatientQuery.ByName { Dob: null } => "Add a first name or a date of birth, or search by NHS number.",
        PatientQuery.ByName => "Add a first name, or search by NHS number.",
        _ => "Add a name, or search by NHS number.",
    };

    private static SearchPatientModel Nobody(Typed typed, PatientQuery query) => query switch
    {
        PatientQuery.ByNhsNumber by => new(typed, "No patient found",
            $"No patient of your practice has the NHS number {by.NhsNumber}. Check it against the record, or search by name."),
        PatientQuery.ByName { Dob: { } dob } by => new(typed, "No patient found",
            $"No patient of your practice has this name and was born {dob.Text}. Check the date, or search by NHS number.")
        { WithoutDob = by.Normalised },
        PatientQuery.ByBirth by => new(typed, "No patient found",
            $"No patient of your practice was born {by.Born.Text}. Check the date, or search by name or NHS number."),
        _ => new(typed, "No patient found",
            "No patient of your practice has this name. Check the spelling, try the family name alone, or search by NHS number."),
    };

    /// <summary>Those found whom the clinician messaged lately, also where there are too many to show all.</summary>
    private static IEnumerable<FoundPatient> Leading(PatientQuery query, PatientsFound found, IReadOnlyList<RecentPatient> recent) =>
        recent.Where(r => found.Any(patient => patient.Id == r.Patient.Id) || (found.AndMore && Matches(query, r.Patient))).Select(Found);

    private static bool Matches(PatientQuery query, Patient patient) => query switch
    {
        PatientQuery.ByName by => PatientName.Matches(PatientName.SearchKey(patient.GivenName, patient.FamilyName), by) && by.Dob?.Contains(patient.DateOfBirth) != false,
        PatientQuery.ByBirth by => by.Born.Contains(patient.DateOfBirth),
        _ => false,
    };

    private static FoundPatient Found(RecentPatient recent) => Found(recent.Patient) with { MessagedAt = recent.At };

    private static FoundPatient Found(Patient patient) => new(patient, patient.Obstacle);

    /// <summary>A date that stands in its own box, as that box wants it.</summary>
    private static Typed Shown(Typed typed, PatientQuery query) =>
        typed.Dob != "" && query.Dob?.Date is { } date ? typed with { Dob = date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) } : typed;
}
