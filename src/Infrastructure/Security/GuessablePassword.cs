namespace PatientResponse.Infrastructure.Security;

/// <summary>Passwords that are tried first although they are long: rows of keys, the alphabet, a common word or two with a number. Of the
/// 3,000 that leak most often eight have twelve characters, all of this kind.</summary>
public static class GuessablePassword
{
    /// <summary>A piece is what somebody types without thinking. In characters, on average: fewer are no such password.</summary>
    private const int FewestOfAPiece = 3;

    private static readonly string[] Keys = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

    /// <summary>The commonest, and those that belong to us.</summary>
    private static readonly string[] Words =
    [
        "patientresponse", "patient", "response", "practice", "surgery", "hospital", "medical", "clinic", "doctor", "health", "nurse", "nhs",
        "administrator", "password", "passwort", "manchester", "liverpool", "welcome", "letmein", "iloveyou", "changeme", "football", "baseball", "princess", "sunshine",
        "superman", "computer", "internet", "michael", "charlie", "chelsea", "arsenal", "england", "default", "january", "february", "september", "november", "december",
        "october", "secret", "monkey", "dragon", "master", "shadow", "batman", "london", "summer", "winter", "spring", "autumn", "monday", "friday", "august", "flower",
        "family", "access", "login", "admin", "hello", "angel", "happy", "lucky", "jesus", "money", "march", "april", "july", "june", "test", "temp", "user", "guest", "love",
    ];

    public static bool IsOne(string password)
    {
        var (typed, pieces) = (password.ToLowerInvariant(), 0);
        for (var at = 0; at < typed.Length; pieces++)
            at += Words.FirstOrDefault(word => typed.AsSpan(at).StartsWith(word, StringComparison.Ordinal))?.Length ?? Run(typed, at);
        return pieces * FewestOfAPiece <= typed.Length;
    }

    /// <summary>How many characters from here on follow each other on the keyboard or in the alphabet, or are the same.</summary>
    private static int Run(string typed, int start)
    {
        var end = start + 1;
        while (end < typed.Length && Follows(typed[end - 1], typed[end]))
            end++;
        return end - start;
    }

    private static bool Follows(char one, char next) =>
        one == next || (char.IsAsciiLetterOrDigit(one) && char.IsAsciiLetterOrDigit(next) && Math.Abs(one - next) == 1)
        || (Place(one), Place(next)) is ({ } from, { } to) && Math.Abs(from.Row - to.Row) <= 1 && Math.Abs(from.Column - to.Column) <= 1;

    private static (int Row, int Column)? Place(char key)
    {
        for (var row = 0; row < Keys.Length; row++)
            if (Keys[row].IndexOf(key) is >= 0 and var column)
                return (row, column);
        return null;
    }
}
