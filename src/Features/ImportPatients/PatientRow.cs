using System.Globalization;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features.ImportPatients;

/// <summary>One line of a list: a patient, or what is wrong with it, in words that tell nothing of the patient.</summary>
public static class PatientRow
{
    private const int LongestName = 100;
    private const int LongestMobile = 40;
    private static readonly string[] Dates = ["yyyy-MM-dd", "d/M/yyyy", "d-MMM-yyyy"];

    /// <param name="today">Nobody is born later.</param>
    public static PatientRecord? Read(PatientColumns columns, IReadOnlyList<string> cells, DateOnly today, out string mistake)
    {
        mistake = "";
        if (cells.Count < columns.Count || cells.Skip(columns.Count).Any(cell => cell.Trim() != ""))
        {
            mistake = $"{cells.Count} columns, where the first line has {columns.Count}";
            return null;
        }
        var mistakes = new List<string>();
        var number = Number(Cell(PatientColumn.NhsNumber), mistakes);
        var given = Name(PatientColumn.GivenName);
        var family = Name(PatientColumn.FamilyName);
        var born = Born(Cell(PatientColumn.DateOfBirth), today, mistakes);
        var mobile = Cell(PatientColumn.Mobile);
        if (mobile.Length > LongestMobile)
            mistakes.Add($"Mobile: longer than {LongestMobile} characters");
        var title = Cell(PatientColumn.Title);
        if (title.Length > LongestName)
            mistakes.Add($"Title: longer than {LongestName} characters");
        var (deceased, restricted) = (Flag(PatientColumn.Deceased), Flag(PatientColumn.Restricted));
        mistake = string.Join("; ", mistakes);
        return mistake == "" ? new(number, family, given, title, born, mobile == "" ? null : mobile, deceased, restricted) : null;

        string Cell(PatientColumn column) => columns.Places.TryGetValue(column, out var place) ? OneLine(cells[place]) : "";

        string Name(PatientColumn column)
        {
            var name = Cell(column);
            if (name == "" || PatientName.Normalise(name) == "")
                mistakes.Add($"{PatientColumns.NameOf(column)}: empty");
            else if (name.Length > LongestName)
                mistakes.Add($"{PatientColumns.NameOf(column)}: longer than {LongestName} characters");
            return name;
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
                NhsNumberMistake.NotANumber => "not digits only",
                NhsNumberMistake.WrongLength => "not 10 digits",
                _ => "the check digit is wrong",
            });
        return number;
    }

    private static DateOnly Born(string text, DateOnly today, List<string> mistakes)
    {
        if (text == "")
            mistakes.Add("Date of birth: empty");
        else if (!DateOnly.TryParseExact(text, Dates, CultureInfo.InvariantCulture, DateTimeStyles.None, out var born))
            mistakes.Add("Date of birth: not a date such as 1980-03-31, 31/03/1980 or 31-Mar-1980");
        else if (born > today)
            mistakes.Add("Date of birth: in the future");
        else if (born.Year < DateInput.EarliestYear)
            mistakes.Add($"Date of birth: before {DateInput.EarliestYear}");
        else
            return born;
        return default;
    }

    private static string OneLine(string cell) =>
        string.Join(' ', PlainText.Clean(cell).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
