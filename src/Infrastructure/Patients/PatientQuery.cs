using System.Globalization;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Infrastructure.Patients;

/// <summary>What a clinician meant by what they typed in the search box.</summary>
public abstract record PatientQuery
{
    private const int LongestName = 100;

    private PatientQuery(DateOnly? dob = null) => Dob = dob;

    /// <summary>Checks a number and narrows a search by name, when given: a patient with another is not the one that was meant.</summary>
    public DateOnly? Dob { get; }

    /// <summary>Nothing was typed.</summary>
    public sealed record Empty : PatientQuery;

    public sealed record ByNhsNumber(NhsNumber NhsNumber, DateOnly? Dob = null) : PatientQuery(Dob);

    /// <param name="Normalised">The words of the name as <see cref="PatientName.Normalise"/> gives them.</param>
    public sealed record ByName(string Normalised, DateOnly? Dob) : PatientQuery(Dob)
    {
        /// <summary>Each must begin a word of the patient's name, in any order: "Smith, Jane" and "Jane Smith" are one search.</summary>
        public IReadOnlyList<string> Tokens => Normalised.Split(' ');
    }

    /// <summary>A sentence that says what to mend; <paramref name="InDob"/> names the box.</summary>
    public sealed record Mistaken(string Message, bool InDob) : PatientQuery;

    /// <param name="q">An NHS number or a name.</param>
    /// <param name="dob">yyyy-MM-dd or dd/MM/yyyy; goes with either.</param>
    public static PatientQuery Parse(string? q, string? dob)
    {
        var typed = TypedText.WithAsciiDigits(TypedText.WithoutFiller(q));
        if (typed == "")
            return string.IsNullOrWhiteSpace(dob) ? new Empty() : new Mistaken("Enter an NHS number or a name", InDob: false);

        var (letters, digits) = (typed.Count(char.IsLetter), typed.Count(char.IsAsciiDigit));
        var opensLikeAName = typed.Length > 1 && char.IsLetter(typed[0]) && char.IsLetter(typed[1]);
        if (digits > letters && !opensLikeAName)
            return NumberQuery(typed, digits, dob);
        if (digits > 0)
            return new Mistaken("Enter a name, or an NHS number of 10 digits. A date of birth has its own box.", InDob: false);
        if (typed.Length > LongestName)
            return new Mistaken($"A name must be {LongestName} characters or fewer", InDob: false);
        return NameQuery(q!, dob);
    }

    private static PatientQuery NumberQuery(string typed, int digits, string? dob)
    {
        if (NhsNumber.TryParse(typed, out var number, out var mistake))
            return MistakeIn(dob, out var date) ?? new ByNhsNumber(number, date);
        return new Mistaken(
            mistake switch
            {
                NhsNumberMistake.NotANumber when typed.Any(char.IsLetter) => "An NHS number has only digits. You typed a letter.",
                NhsNumberMistake.NotANumber => "An NHS number has only digits. You typed another character.",
                NhsNumberMistake.WrongLength => $"An NHS number has 10 digits. You typed {digits}.",
                _ => "This is not a valid NHS number. Check the digits – one may be wrong or two swapped.",
            },
            InDob: false);
    }

    private static PatientQuery NameQuery(string q, string? dob)
    {
        var name = PatientName.Normalise(q);
        if (name.Count(char.IsLetter) < 2)
            return new Mistaken("Enter an NHS number, or at least 2 letters of a name", InDob: false);
        return MistakeIn(dob, out var date) ?? new ByName(name, date);
    }

    private static PatientQuery? MistakeIn(string? dob, out DateOnly? date)
    {
        date = null;
        if (string.IsNullOrWhiteSpace(dob))
            return null;
        if (!DateOnly.TryParseExact(dob.Trim(), ["yyyy-MM-dd", "d/M/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var typed))
            return new Mistaken("Enter the date of birth as a real date, for example 31/03/1980", InDob: true);
        if (typed.Year < DateInput.EarliestYear)
            return new Mistaken("Date of birth must be a real date", InDob: true);
        date = typed;
        return null;
    }
}
