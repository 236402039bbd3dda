namespace PatientResponse.Infrastructure.Patients;

/// <summary>What a clinician meant by what they typed in the search box.</summary>
public abstract record PatientQuery
{
    private PatientQuery(Birth? dob = null) => Dob = dob;

    /// <summary>Checks a number and narrows a search by name, when given: a patient with another is not the one that was meant.</summary>
    public Birth? Dob { get; }

    /// <summary>Nothing was typed.</summary>
    public sealed record Empty : PatientQuery;

    public sealed record ByNhsNumber(NhsNumber NhsNumber, Birth? Dob = null) : PatientQuery(Dob);

    /// <param name="Born">More exact than a year.</param>
    public sealed record ByBirth(Birth Born) : PatientQuery(Born);

    /// <param name="Normalised">The words of the name as <see cref="PatientName.Normalise"/> gives them.</param>
    public sealed record ByName(string Normalised, Birth? Dob) : PatientQuery(Dob)
    {
        /// <summary>Each must begin a word of the patient's name, in any order: "Smith, Jane" and "Jane Smith" are one search.</summary>
        public IReadOnlyList<string> Tokens => Normalised.Split(' ');

        /// <summary>More words that may belong to the name and need not, such as a title or a maiden name in brackets; empty if none.</summary>
        public string Aside { get; init; } = "";
    }

    /// <summary>A sentence that says what to mend; <paramref name="InDob"/> names the box.</summary>
    public sealed record Mistaken(string Message, bool InDob) : PatientQuery;

    /// <param name="q">An NHS number, a name, a date of birth, or several of them as they were pasted.</param>
    /// <param name="dob">The date of birth in its own box.</param>
    public static PatientQuery Parse(string? q, string? dob) => PatientQueryText.Parse(q, dob);
}
