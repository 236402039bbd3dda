using PatientResponse.Infrastructure.Text;
using PhoneNumbers;

namespace PatientResponse.Infrastructure.Sms;

/// <summary>
/// A mobile number of the United Kingdom, the only kind we text. Ofcom's numbers for drama (07700 900000 to 900999) count as one.
/// </summary>
public readonly record struct UkMobile
{
    private const int NationalLength = 10;

    private static readonly PhoneNumberUtil Phones = PhoneNumberUtil.GetInstance();

    private readonly string? national;

    private UkMobile(string national) => this.national = national;

    /// <summary>As providers want it: "+447700900123"; empty for <c>default</c>.</summary>
    public string E164 => national is null ? "" : "+44" + national;

    /// <summary>As people read it: "07700 900123".</summary>
    public override string ToString() => national is null ? "" : $"0{national[..4]} {national[4..]}";

    /// <summary>
    /// Reads what a person typed: 07…, +44…, 0044…, with spaces, dashes, brackets or "(0)".
    /// The problem is a sentence for a clinician and never repeats the number.
    /// </summary>
    public static bool TryParse(string? text, out UkMobile mobile, out string problem)
    {
        problem = National(text, out var national) ?? Problem(national) ?? "";
        mobile = problem == "" ? new UkMobile(national) : default;
        return problem == "";
    }

    private static string? National(string? text, out string national)
    {
        national = "";
        var typed = TypedText.WithAsciiDigits(TypedText.WithoutFiller(text))
            .Replace("(0)", "0", StringComparison.Ordinal)
            .Trim('.');
        typed = string.Concat(typed.Where(c => c is not ('(' or ')' or '.' or '/')));
        if (typed == "")
            return "Enter a mobile number";
        var digits = typed.TrimStart('+');
        if (digits.Length < typed.Length - 1 || digits == "" || !digits.All(char.IsAsciiDigit))
            return "A mobile number has only digits, and perhaps a plus sign in front";

        var abroad = typed[0] == '+' ? digits
            : digits.StartsWith("00", StringComparison.Ordinal) ? digits[2..]
            : digits.StartsWith("44", StringComparison.Ordinal) && digits.Length > NationalLength ? digits
            : "44" + digits;
        if (!abroad.StartsWith("44", StringComparison.Ordinal))
            return "This is not a UK number. Only UK mobile numbers can be texted";
        national = abroad[2..];
        if (national.StartsWith('0'))
            national = national[1..];
        return null;
    }

    private static string? Problem(string national)
    {
        if (national.Length is NationalLength - 1 or NationalLength && (national.StartsWith('1') || national.StartsWith('2')))
            return "This is a landline number. Enter a mobile number, which begins with 07";
        if (!national.StartsWith('7') && national.Length != NationalLength)
            return "This is not a UK mobile number. A UK mobile number begins with 07";
        if (national.Length != NationalLength)
            return $"A UK mobile number has 11 digits. This one has {(national.Length < NationalLength ? "fewer" : "more")}";
        if (national.StartsWith("7700900", StringComparison.Ordinal))
            return null;

        var number = Phones.Parse("+44" + national, null);
        if (Phones.GetRegionCodeForNumber(number) is "GG" or "JE" or "IM")
            return "This is a number of the Channel Islands or the Isle of Man. Only UK mobile numbers can be texted";
        return Phones.GetNumberType(number) switch
        {
            PhoneNumberType.MOBILE => null,
            PhoneNumberType.FIXED_LINE => "This is a landline number. Enter a mobile number, which begins with 07",
            PhoneNumberType.PAGER => "This is a pager number. Enter a mobile number, which begins with 07",
            PhoneNumberType.PERSONAL_NUMBER => "This is a personal number (070), which can be costly and is not a mobile. Enter a mobile number",
            PhoneNumberType.PREMIUM_RATE => "This is a premium rate number. Enter a mobile number, which begins with 07",
            PhoneNumberType.UNKNOWN when national.StartsWith('7') => "No UK mobile network uses this number. Check the digits",
            _ => "This is not a UK mobile number. A UK mobile number begins with 07",
        };
    }
}
