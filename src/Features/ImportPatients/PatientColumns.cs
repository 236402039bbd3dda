namespace PatientResponse.Features.ImportPatients;

/// <summary>Which column of a file holds what. Headers are read without regard to case, spaces and punctuation.</summary>
/// <param name="Count">How many columns the header has.</param>
public sealed record PatientColumns(IReadOnlyDictionary<PatientColumn, int> Places, int Count)
{
    private static readonly (PatientColumn Column, string Name, bool Needed, string[] Headers)[] Known =
    [
        (PatientColumn.NhsNumber, "NHS number", true, ["nhsnumber", "nhsno", "nhs", "nhsnum", "nhsid", "patientnhsnumber"]),
        (PatientColumn.GivenName, "Given name", true, ["givenname", "givennames", "forename", "forenames", "firstname", "firstnames", "given", "forename1"]),
        (PatientColumn.FamilyName, "Family name", true, ["familyname", "surname", "lastname", "family"]),
        (PatientColumn.DateOfBirth, "Date of birth", true, ["dateofbirth", "dob", "birthdate", "born"]),
        (PatientColumn.Mobile, "Mobile", true, ["mobile", "mobilenumber", "mobileno", "mobilephone", "mobilephonenumber", "mobiletelephone", "mobiletelephonenumber", "mobiletel", "mobiletelno", "mobilephoneno", "mobiletelephoneno", "patientmobile"]),
        (PatientColumn.Title, "Title", false, ["title", "prefix"]),
        (PatientColumn.Deceased, "Deceased", false, ["deceased", "isdeceased", "dead", "died"]),
        (PatientColumn.Restricted, "Restricted", false, ["restricted", "isrestricted", "sensitive", "sflag"]),
    ];

    public static string NameOf(PatientColumn column) => Known.Single(known => known.Column == column).Name;

    /// <summary>Reads a header. Null, with the mistake, where a column that is needed is missing or one is there twice.</summary>
    /// <param name="mistake">Never holds the header's own words: a file without a header begins with a patient.</param>
    public static PatientColumns? Read(IReadOnlyList<string> header, out string mistake)
    {
        var found = (
            from cell in header.Select((text, place) => (Text: Plain(text), place))
            from known in Known
            where known.Headers.Contains(cell.Text)
            select (known.Column, cell.place)).ToList();
        var missing = Known.Where(known => known.Needed && found.All(cell => cell.Column != known.Column)).Select(known => known.Name).ToList();
        var twice = found.GroupBy(cell => cell.Column).Where(cells => cells.Count() > 1).Select(cells => NameOf(cells.Key)).ToList();
        mistake = missing.Count > 0 ? $"The first line has to name the columns. Not found: {string.Join(", ", missing)}."
            : twice.Count > 0 ? $"More than one column could be: {string.Join(", ", twice)}."
            : "";
        return mistake == "" ? new(found.ToDictionary(cell => cell.Column, cell => cell.place), header.Count) : null;
    }

    private static string Plain(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}

public enum PatientColumn
{
    NhsNumber,
    GivenName,
    FamilyName,
    DateOfBirth,
    Mobile,
    Title,
    Deceased,
    Restricted,
}
