using System.Security.Cryptography;
using System.Text;
using PatientResponse.Features.Composing;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.SendMessage;

public enum WarningKind { AnotherMessage, OtherNhsNumber, OtherName, LeftToFillIn, CannotReply }

/// <summary>Something to check before a message goes. It may be right: the clinician decides.</summary>
public sealed record Warning(WarningKind Kind, string Message);

/// <summary>What in a message, or around it, may be a mistake.</summary>
public static class MessageWarnings
{
    /// <param name="otherNames">Full names in the text that patients of the practice have, but not this one.</param>
    /// <param name="asks">What in the text asks for an answer that the patient will have no way to give; null where nothing does.</param>
    /// <param name="seen">The latest message that the page has told of already; null when it did not say.</param>
    public static IReadOnlyList<Warning> Of(
        string text, Patient patient, IReadOnlyList<string> otherNames, string? asks, Contact contact, long? seen, DateTimeOffset now)
    {
        var warnings = new List<Warning>();
        if (contact.JustNow(now) is { } justNow && Instant.To(contact.LastAt!.Value) > seen)
            warnings.Add(new(WarningKind.AnotherMessage, $"{justNow} That was after you opened this page."));
        warnings.AddRange(NhsNumbersInText.Find(text).Where(number => number != patient.NhsNumber).Select(number =>
            new Warning(WarningKind.OtherNhsNumber, $"{number} looks like an NHS number, and it is not this patient’s.")));
        warnings.AddRange(otherNames.Select(name =>
            new Warning(WarningKind.OtherName, $"{name} is the name of another patient of your practice.")));
        if (Placeholders.LeftIn(text) is { Count: > 0 } left)
            warnings.Add(new(WarningKind.LeftToFillIn, $"Still to be filled in: {string.Join(", ", left)}"));
        if (asks is not null)
            warnings.Add(new(WarningKind.CannotReply, $"Your message seems to ask for an answer (“{asks}”), but the patient will not be able to reply. To get one, tick “Allow patient response”."));
        return warnings;
    }

    /// <summary>Those that nobody has confirmed. "Send anyway" confirms what is in the text and was shown with it; another message is
    /// known once a page has told of it, and what asks for an answer once it was shown for a patient who cannot give one.</summary>
    public static IReadOnlyList<Warning> Unconfirmed(IReadOnlyList<Warning> warnings, string text, string confirmed) =>
        confirmed == Fingerprint(text, allowResponse: false) ? [.. warnings.Where(warning => warning.Kind == WarningKind.AnotherMessage)]
        : confirmed == Fingerprint(text, allowResponse: true) ? [.. warnings.Where(warning => warning.Kind is WarningKind.AnotherMessage or WarningKind.CannotReply)]
        : warnings;

    /// <summary>Another one for every other text, and for whether the patient can reply.</summary>
    public static string Fingerprint(string text, bool allowResponse) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(allowResponse ? $"reply\n{text}" : text)))[..32];
}
