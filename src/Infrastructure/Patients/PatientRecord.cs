namespace PatientResponse.Infrastructure.Patients;

/// <summary>A patient as a record system tells of them.</summary>
/// <param name="Mobile">Perhaps missing, perhaps not a mobile at all.</param>
/// <param name="Restricted">A sensitive record: whereabouts and numbers are not shown.</param>
public sealed record PatientRecord(
    NhsNumber NhsNumber,
    string FamilyName,
    string GivenName,
    string Title,
    DateOnly DateOfBirth,
    string? Mobile,
    bool Deceased,
    bool Restricted);
