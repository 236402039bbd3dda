using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.ImportPatients;

/// <summary>One line of a list: a patient, or what is wrong with it, in words that tell nothing of the patient.</summary>
/// <param name="Patient">As far as it can be read; to be taken only where there is no mistake.</param>
/// <param name="HasNumber">The NHS number can be read.</param>
/// <param name="Remark">What the operator should know though the line is good.</param>
public sealed record PatientRow(PatientRecord Patient, bool HasNumber, bool CanBeTexted, string Mistake, string Remark)
{
    private const int LongestName = 100;

    /// <summary>A line that cannot be read at all.</summary>
    public static PatientRow Unreadable(string mistake) => new(new(default, "", "", "", default, null, false, false), false, false, mistake, "");

    /// <param name="today">Nobody is born later.</param>
    public static PatientRow Read(PatientColumns columns, IReadOnlyList<string> cells, DateOnly today)
    {
        if (cells.Count < columns.Count || cells.Skip(columns.Count).Any(cell => cell.Trim() != ""))
            return Unreadable($"{cells.Count} columns, where the first line has {columns.Count}");
        var mistakes = new List<string>();
        var number = Number(ExcelText.Plain(Cell(PatientColumn.NhsNumber)), mistakes);
        var (given, family) = (Name(PatientColumn.GivenName), Name(PatientColumn.FamilyName));
        if (given == "" && family == "")
            mistakes.Add("Given name and Family name: both empty");
        var born = Born(ExcelText.Plain(Cell(PatientColumn.DateOfBirth)), today, mistakes);
        var mobile = MobileCell.Read(Raw(PatientColumn.Mobile));
        var title = Cell(PatientColumn.Title);
        if (title.Length > LongestName)
            mistakes.Add($"Title: longer than {LongestName} characters");
        var (deceased, restricted) = (Flag(PatientColumn.Deceased), Flag(PatientColumn.Restricted));
        foreach (var column in columns.Places.Keys.Where(column => column is not (PatientColumn.GivenName or PatientColumn.FamilyName) && Raw(column).Contains('\uFFFD', StringComparison.Ordinal)))
            mistakes.Add($"{PatientColumns.NameOf(column)}: a byte that is no letter");
        return new(
            new(number, family, given, title, born, mobile.Number, deceased, restricted), number != default, mobile.CanBeTexted, string.Join("; ", mistakes),
            mobile.Remark == "" ? "" : $"Mobile: {mobile.Remark}");

        string Raw(PatientColumn column) => columns.Places.TryGetValue(column, out var place) ? cells[place] : "";

        string Cell(PatientColumn column) => OneLine(Raw(column));

        // Some people have one name only; a dash stands for the other in some lists.
        string Name(PatientColumn column)
        {
            var name = Cell(column);
            if (GarbledName.MistakeIn(Raw(column)) is { } garbled)
                mistakes.Add($"{PatientColumns.NameOf(column)}: {garbled}");
            else if (name.Length > LongestName)
                mistakes.Add($"{PatientColumns.NameOf(column)}: longer than {LongestName} characters");
            return PatientName.Normalise(name) == "" ? "" : name;
        }

        bool Flag(PatientColumn column)
        {
            switch (Cell(column).ToUpperInvariant())
            {
                case "" or "FALSE" or "NO" or "N" or "0":
                    return false;
                case "TRUE" or "YES" or "Y" or "1":
                    return true;
                default:
                    mistakes.Add($"{PatientColumns.NameOf(column)}: neither yes nor no");
                    return false;
            }
        }
    }

    private static NhsNumber Number(string text, List<string> mistakes)
    {
        if (!NhsNumber.TryParse(text, out var number, out var mistake))
            mistakes.Add("NHS number: " + mistake switch
            {
                NhsNumberMistake.Empty => "empty",
                _ when ExcelText.IsShortened(text) => "a spreadsheet has shortened it",
                NhsNumberMistake.NotANumber => "not digits only",
                NhsNumberMistake.WrongLength => "not 10 digits",
                _ => "the check digit is wrong",
            });
        return number;
    }

    private static DateOnly Born(string text, DateOnly today, List<string> mistakes)
    {
        var birth = BirthText.Parse(text);
        if (text == "")
            mistakes.Add("Date of birth: empty");
        else if (birth is { Day: > 0, Year: < 100 })
            mistakes.Add("Date of birth: the year needs 4 digits");
        else if (birth?.Date is not { } born)
            mistakes.Add("Date of birth: not a date such as 1980-03-31, 31/03/1980 or 31-Mar-1980");
        else if (born > today)
            mistakes.Add("Date of birth: in the future");
        else
            return born;
        return default;
    }

    private static string OneLine(string cell) =>
        string.Join(' ', PlainText.Clean(cell).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
