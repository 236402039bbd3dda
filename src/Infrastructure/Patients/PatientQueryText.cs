using System.Text.RegularExpressions;
using PatientResponse.Infrastructure.Patients.Names;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Infrastructure.Patients;

/// <summary>Reads the search box: what is a number in it, what a date of birth and what a name.</summary>
internal static partial class PatientQueryText
{
    private const int LongestName = 100;
    private const string NotReal = "Enter the date of birth as a real date, for example 31/03/1980";

    public static PatientQuery Parse(string? q, string? dob)
    {
        var boxed = TypedText.WithoutFiller(dob) == "" ? null : BirthText.Parse(dob);
        var query = Parse(BirthText.Plain(q), boxed, dobIsEmpty: TypedText.WithoutFiller(dob) == "");
        if (query is PatientQuery.Mistaken or PatientQuery.Empty || TypedText.WithoutFiller(dob) == "")
            return query;
        return boxed is null ? new PatientQuery.Mistaken(NotReal, InDob: true)
            : query.Dob == boxed ? query
            : new PatientQuery.Mistaken("There is another date of birth in the search box. Leave one of them out.", InDob: true);
    }

    private static PatientQuery Parse(string plain, Birth? boxed, bool dobIsEmpty)
    {
        var typed = TypedText.WithoutFiller(plain);
        if (typed == "")
            return dobIsEmpty ? new PatientQuery.Empty() : boxed is null ? new PatientQuery.Mistaken(NotReal, InDob: true) : ByBirth(boxed);
        if (typed.All(char.IsAsciiDigit) && NhsNumber.TryParse(typed, out var whole, out _))
            return new PatientQuery.ByNhsNumber(whole, boxed);
        var (number, around) = typed.All(char.IsAsciiDigit) && BirthText.Parse(plain) is null ? (null, plain) : Number(plain);
        var found = typed.All(char.IsAsciiDigit) && BirthText.Parse(plain) is null ? new(null, false, plain) : BirthText.Find(around);
        if (found.IsUnreal)
            return new PatientQuery.Mistaken(NotReal, InDob: false);
        // The year of a whole date is no second date.
        var born = found.Birth is null || (boxed?.Date is { } date && found.Birth.Contains(date)) ? boxed : found.Birth;
        return number is { } known ? new PatientQuery.ByNhsNumber(known, born) : WithoutNumber(found, born);
    }

    private static PatientQuery WithoutNumber(BirthFound found, Birth? born)
    {
        var rest = found.Birth is null ? found.Rest : PastedBanner.Without(found.Rest);
        var typed = TypedText.WithoutFiller(rest);
        var (letters, digits) = (typed.Count(char.IsLetter), typed.Count(char.IsAsciiDigit));
        var opensLikeAName = typed.Length > 1 && char.IsLetter(typed[0]) && char.IsLetter(typed[1]);
        if (digits > letters && !opensLikeAName)
            return NotANumber(typed, digits);
        if (digits > 0)
            return new PatientQuery.Mistaken("Enter a name, an NHS number of 10 digits, or a date of birth such as 31/03/1980", InDob: false);
        if (typed.Length > LongestName)
            return new PatientQuery.Mistaken($"A name must be {LongestName} characters or fewer", InDob: false);
        if (letters == 0 && found.Birth is not null)
            return ByBirth(born!);
        var (name, aside) = NameAside.Part(rest);
        return name.Count(char.IsLetter) < 2
            ? new PatientQuery.Mistaken("Enter an NHS number, or at least 2 letters of a name", InDob: false)
            : new PatientQuery.ByName(name, born) { Aside = $"{aside} {found.Month.ToLowerInvariant()}".Trim() };
    }

    private static PatientQuery ByBirth(Birth born) => born.IsYearAlone
        ? new PatientQuery.Mistaken("Add a name to the year of birth, or the day and month, for example 31/03/1980. An NHS number has 10 digits.", InDob: false)
        : new PatientQuery.ByBirth(born);

    private static PatientQuery NotANumber(string typed, int digits)
    {
        return NhsNumber.TryParse(typed, out var number, out var mistake) ? new PatientQuery.ByNhsNumber(number) : new PatientQuery.Mistaken(
            mistake switch
            {
                NhsNumberMistake.NotANumber when typed.Any(char.IsLetter) => "An NHS number has only digits. You typed a letter.",
                NhsNumberMistake.NotANumber => "An NHS number has only digits. You typed another character.",
                NhsNumberMistake.WrongLength => $"An NHS number has 10 digits. You typed {digits}.",
                _ => "This is not a valid NHS number. Check the digits – one may be wrong or two swapped.",
            },
            InDob: false);
    }

    /// <summary>The NHS number that stands among other things, and these.</summary>
    private static (NhsNumber? Number, string Around) Number(string plain)
    {
        foreach (Match match in Numbers().Matches(plain))
            if (NhsNumber.TryParse(match.Groups["n"].Value, out var number, out _))
                return (number, $"{plain[..match.Index]} {plain[(match.Index + match.Length)..]}");
        return (null, plain);
    }

    [GeneratedRegex(@"(?:\bnhs\b[\s:.]*(?:(?:no|number|num)\b[\s:.]*)?)?(?<!\d)(?<n>\d{3}[ -]?\d{3}[ -]?\d{4})(?!\d)", RegexOptions.IgnoreCase)]
    private static partial Regex Numbers();
}
