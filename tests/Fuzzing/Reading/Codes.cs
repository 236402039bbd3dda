using System.Globalization;
using System.Text;
using PatientResponse.Features.Desk;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Tests.Fuzzing.Reading;

/// <summary>Links, dates, numbers, addresses and names of files.</summary>
internal static class Codes
{
    private const string Code = "0123456789abcdefghjkmnpqrs";
    private static readonly DateOnly Today = new(2026, 11, 20);

    public static IReadOnlyList<Reader> All { get; } =
    [
        new("link", bytes => CheckLink(Bytes.Text(bytes)), () => new[] { Code, $"https://example.org/r/{Code}.", "0123-4567-89AB-CDEF-GHJK-MNPQ-RS", $"/r/{Code}%20", $"“{Code}”" }.Select(Bytes.Of),
            "/r/", Code, "https://", "%20", ".", ")", "\xE2\x80\xA6", "\xE2\x80\x93", "\xE2\x80\x8B", "\xC2\xA0", "\xEF\xBC\x91", "?", "#"),
        new("date", CheckDate, () => new[] { "5\n3\n1980", "05\nMarch\n1980", "٣١\nmawrth\n１９８０", "31\n02\n2000", " 1.\nSept\n1967\n", "" }.Select(Bytes.Of),
            "Mar", "September", "Chwefror", "2026", "1880", "\n", "\xEF\xBC\x91", "\xE2\x80\x8B", "\xC2\xA0", "\xE2\x80\xAF", "\xD9\xA3"),
        new("number", bytes => CheckNumber(Bytes.Text(bytes)), () => new[] { "07700 900123", "+44 (0)7700 900123", "0044 7700.900123", "999 000 0018", "0207 946 0000", "7.7E+09", "07700 900123 (wife)" }.Select(Bytes.Of),
            "+44", "0044", "(0)", "07700900", "\xEF\xBC\x91", "\xC2\xA0", "\xE2\x80\x90"),
        new("filename", bytes => CheckName(Bytes.Text(bytes)), () => new[] { "arm.jpg", "../../etc/passwd", "C:\\a\\CON.txt", "image%3A1641", "photo.", ".JPE", "\u202Egpj.exe", new string('x', 300) + ".pdf", "a\nb.PDF\nA.pdf" }.Select(Bytes.Of),
            "/", "\\", "CON", "LPT1", "COM\xC2\xB9", ".jpg", ".tar.gz", "\xE2\x80\xAE", "\xCC\x81", "\xF0\x9F\x98\x80", " ", ".", " (2)", ":"),
        new("address", bytes => CheckAddress(Bytes.Text(bytes)), () => new[] { "/conversations", "//evil.example", "/\\evil", "/%2F%2Fevil", "/a/../b?c#d", "/%252e%252e/", $"1-1700000000000-{Guid.Empty:N}" }.Select(Bytes.Of),
            "//", "\\", "%2f", "%5c", "%252f", "..", "%2e", "\t", "@", "?", "#", "javascript:", "https:"),
    ];

    private static void CheckLink(string text)
    {
        if (!LinkToken.TryParse(text, out var token)) return;
        Promise.That(token.Value.Length == 26 && token.Value.All("0123456789abcdefghjkmnpqrstvwxyz".Contains), "A code has one spelling.");
        foreach (var spelling in new[] { token.Value, token.Grouped, $"https://example.org/r/{token.Value}", token.Value.ToUpperInvariant() })
            Promise.That(LinkToken.TryParse(spelling, out var same) && same == token, "A code is read back as it was.");
    }

    private static void CheckDate(byte[] bytes)
    {
        var parts = Bytes.Lines(bytes, 3);
        var before = CultureInfo.CurrentUICulture;
        try
        {
            foreach (var language in new[] { "en", "cy" })
            {
                CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
                var typed = DateInput.Parse(parts[0], parts[1], parts[2], Today);
                Promise.That((typed.Date is null) == (typed.Error is not null), "A date is a date, or says what is wrong.");
                Promise.That((typed.Error is not null) == (typed.DayInError || typed.MonthInError || typed.YearInError), "What is wrong is marked.");
                if (typed.Date is not { } date) continue;
                Promise.That(date.Year >= 1880 && date <= Today, "Somebody was born, and not too long ago.");
                Promise.That(DateInput.Parse($"{date.Day}", $"{date.Month}", $"{date.Year}", Today).Date == date, "A date is read back as it was.");
            }
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    private static void CheckNumber(string text)
    {
        Promise.That(UkMobile.TryParse(text, out var mobile, out var problem) == (problem == ""), "A mobile number is one, or says what is wrong.");
        if (problem == "")
            Promise.That(mobile.E164.Length == 13 && UkMobile.TryParse(mobile.E164, out var same, out _) && same == mobile && UkMobile.TryParse(mobile.ToString(), out same, out _) && same == mobile, "A mobile number is read back as it was.");
        Promise.That(NhsNumber.TryParse(text, out var number, out var mistake) == (mistake == NhsNumberMistake.None), "An NHS number is one, or says what is wrong.");
        if (mistake == NhsNumberMistake.None)
            Promise.That(NhsNumber.TryParse(number.ToString(), out var same, out _) && same == number, "An NHS number is read back as it was.");
    }

    private static void CheckName(string text)
    {
        var name = SafeFileName.Of(text);
        Promise.That(name != "" && Encoding.UTF8.GetByteCount(name) <= SafeFileName.MaxBytes, "A name is there, and fits.");
        Promise.That(!name.Any(letter => char.IsControl(letter) || "<>:\"/\\|?*\u202E".Contains(letter)), "A name is no path, and hides nothing.");
        Promise.That(name is not ("." or "..") && !name.EndsWith('.') && !name.EndsWith(' ') && !name.StartsWith(' '), "A name begins and ends as Windows keeps it.");
        Promise.That(SafeFileName.Of(name) == name, "A safe name stays as it is.");
        var names = SafeFileName.UniqueWithin([name, .. text.Split('\n').Select(SafeFileName.Of), name]);
        Promise.That(names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == names.Count, "No two names are one, whatever the case.");
        Promise.That(names.All(one => SafeFileName.Of(one) == one), "A name that was told apart is still safe.");
    }

    private static void CheckAddress(string text)
    {
        var site = new Uri("https://practice.example/sign-in");
        var local = ReturnUrl.Local(text);
        Promise.That(local == text || local == ReturnUrl.Default, "An address is taken as it is, or not at all.");
        Promise.That(Uri.TryCreate(site, local, out var where) && where.GetLeftPart(UriPartial.Authority) == "https://practice.example", "Nobody is led to another site.");
        var back = Uri.UnescapeDataString(ReturnUrl.SignIn(local)["/sign-in?returnUrl=".Length..]);
        Promise.That(ReturnUrl.Local(back) == back, "An address survives the sign-in page.");
        Promise.That(ListKey.Parse(text) is not { } key || ListKey.Parse(key.ToString()) == key, "A place in the list is read back as it was.");
        _ = ListFilter.Named(text);
    }
}
