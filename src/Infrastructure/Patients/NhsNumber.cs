using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Infrastructure.Patients;

/// <summary>Why a text is not an NHS number.</summary>
public enum NhsNumberMistake
{
    None,
    Empty,
    NotANumber,
    WrongLength,
    CheckDigit,
}

/// <summary>An NHS number whose check digit holds (NHS Data Dictionary, modulus 11). It never identifies a patient alone.</summary>
public readonly record struct NhsNumber
{
    private const int Length = 10;

    private readonly string? value;

    private NhsNumber(string value) => this.value = value;

    /// <summary>The ten digits, without spaces; empty for <c>default</c>.</summary>
    public string Value => value ?? "";

    /// <summary>As people read it, 3-3-4: "999 000 0018".</summary>
    public override string ToString() => value is null ? "" : $"{value[..3]} {value[3..6]} {value[6..]}";

    /// <summary>A number that is known to be right; a wrong one is a bug and throws.</summary>
    public static NhsNumber Parse(string text) =>
        TryParse(text, out var number, out var mistake) ? number : throw new FormatException($"Not an NHS number: {mistake}.");

    /// <summary>Reads what a person typed; spaces and dashes are welcome anywhere.</summary>
    public static bool TryParse(string? text, out NhsNumber number, out NhsNumberMistake mistake)
    {
        var digits = TypedText.WithAsciiDigits(TypedText.WithoutFiller(text));
        mistake = digits switch
        {
            "" => NhsNumberMistake.Empty,
            _ when !digits.All(char.IsAsciiDigit) => NhsNumberMistake.NotANumber,
            { Length: not Length } => NhsNumberMistake.WrongLength,
            _ when !CheckDigitHolds(digits) => NhsNumberMistake.CheckDigit,
            _ => NhsNumberMistake.None,
        };
        number = mistake == NhsNumberMistake.None ? new NhsNumber(digits) : default;
        return mistake == NhsNumberMistake.None;
    }

    private static bool CheckDigitHolds(string digits)
    {
        var sum = 0;
        for (var i = 0; i < Length - 1; i++)
            sum += (digits[i] - '0') * (Length - i);
        var check = (11 - sum % 11) % 11; // 11 counts as 0; 10 is never issued and equals no digit
        return check == digits[^1] - '0';
    }
}
