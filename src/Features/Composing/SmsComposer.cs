using PatientResponse.Infrastructure.Sms;

namespace PatientResponse.Features.Composing;

/// <summary>Puts the whole SMS together: greeting, text, sign-off and, where a reply is asked for, the link.</summary>
public static class SmsComposer
{
    /// <summary>Stands for the patient's own code, which is made at sending.</summary>
    public const string TokenStandIn = "xxxxxxxxxxxxxxxxxxxxxxxxxx";

    /// <param name="link">Null for a message that cannot be replied to.</param>
    public static string Compose(string givenName, string text, string signOff, string? link)
    {
        var sms = $"Dear {givenName},\n\n{text.Trim()}\n\n{signOff}";
        return SmsText.Normalise(link is null ? sms : $"{sms}\n\n{Invitation(link)}");
    }

    /// <summary>For safe contact: says neither who wrote nor what about. The words are read behind the link.</summary>
    public static string ComposeNeutral(string link) => $"Hello,\n\nYou have a message.\n\n{Invitation(link)}";

    private static string Invitation(string link) => $"Reply within 7 days: {link}\nYou need internet to open it. Or type it on a computer.";
}
