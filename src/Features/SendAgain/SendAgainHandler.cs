using System.Text.RegularExpressions;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.SendAgain;

/// <param name="Sms">How many SMS had been queued when the page with the button was made; null when not known.</param>
/// <param name="Token">Of the new link, where the message has one.</param>
/// <param name="Link">The whole new link.</param>
/// <param name="Mobile">Another number for this conversation, in E.164; null to use the same.</param>
/// <param name="LeavesAt">Until then it can be undone; null where it leaves at once.</param>
public sealed record SendAgain(int? Sms, LinkToken Token, string Link, string? Mobile = null, DateTimeOffset? LeavesAt = null);

public static class SendAgainHandler
{
    /// <summary>This very button was pressed before: the patient gets one SMS for it. A page of before that names another number
    /// wants something else.</summary>
    public static bool IsDone(SendAgain command, Conversation conversation) =>
        command.Sms < conversation.SmsCount && (command.Mobile is null || command.Mobile == conversation.Mobile);

    /// <summary>Why the message cannot be sent again; null when it can.</summary>
    /// <param name="patient">As the directory has them now; null when it no longer knows them.</param>
    public static string? Validate(Conversation conversation, Patient? patient, DateTimeOffset now) => conversation switch
    {
        { Delivery: Delivery.Queued or Delivery.Sending } => "The text message is still being sent. Wait until you can see what became of it.",
        _ when patient is { Deceased: true } => "This patient has died. No message can be sent.",
        _ when patient is { Restricted: true } => "This is a sensitive record now. No message can be sent from here.",
        { AllowsResponse: false, Delivery: Delivery.Failed or Delivery.Unknown } => null,
        { AllowsResponse: false } => "This message was sent. To say it again, write a new message.",
        _ => conversation.LinkAt(now) switch
        {
            LinkState.Used => "The patient has replied already, so the message cannot be sent again.",
            LinkState.Locked => "The link is locked. Unlock it first, or cancel this request and send a new message.",
            LinkState.Cancelled => "The request is cancelled. Write a new message if you need an answer.",
            LinkState.Expired => "The time to reply has ended. Write a new message if you still need an answer.",
            _ => null,
        },
    };

    /// <summary>The same words with a new link, perhaps to another number; deadline and tries stay as they are.</summary>
    public static (Events, OutgoingMessages) Handle(SendAgain command, Conversation conversation, DateTimeOffset now)
    {
        var again = conversation.Token is { } old
            ? new SmsSentAgain(Regex.Replace(conversation.Sms, $@"\S*/r/{old}", _ => command.Link), command.Token.Value, now)
            : new SmsSentAgain(conversation.Sms, null, now);
        Events events = command.Mobile is { } mobile && mobile != conversation.Mobile ? [new MobileCorrected(mobile, now), again] : [again];
        return (events, [new OutgoingMessages.Envelope(new DeliverSms(conversation.Id, conversation.SmsCount + 1, command.LeavesAt ?? now), command.LeavesAt)]);
    }
}
