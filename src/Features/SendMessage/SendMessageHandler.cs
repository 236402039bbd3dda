using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.SendMessage;

/// <param name="Text">What the clinician wrote.</param>
/// <param name="Sms">The whole SMS, exactly as it will go.</param>
/// <param name="Follows">The earlier conversation that this one asks again after.</param>
/// <param name="Token">Null when the patient is not asked to reply.</param>
/// <param name="Mobile">Another number than the patient's, as it was typed; empty for theirs.</param>
/// <param name="Neutral">The SMS says neither who wrote nor what about.</param>
/// <param name="Answers">The earlier conversations that it deals with.</param>
/// <param name="LeavesAt">Until then it can be undone; null where it leaves at once.</param>
public sealed record SendMessage(
    Guid ConversationId, string Ref, Patient Patient, Clinician Requester, string Text, string Sms, LinkToken? Token, Guid? Follows = null, bool Neutral = false,
    IReadOnlyList<Guid>? Answers = null, DateTimeOffset? LeavesAt = null, string Mobile = "");

public static class SendMessageHandler
{
    /// <summary>In characters, of a message that is read behind its link.</summary>
    public const int MostBehindLink = 2_000;

    public static IReadOnlyList<FieldError> Validate(SendMessage command)
    {
        if ((command.Mobile != "" || command.Patient.Mobile is null) && !UkMobile.TryParse(command.Mobile, out _, out var problem))
            return [new("mobile", problem), .. string.IsNullOrWhiteSpace(command.Text) ? [new("text", "Enter a message")] : (FieldError[])[]];
        if (string.IsNullOrWhiteSpace(command.Text))
            return [new("text", "Enter a message")];
        if (command is { Neutral: true, Token: null })
            return [new("allowResponse", "A message in neutral words is read behind its link. Tick “Allow patient response” to send one, or contact this patient in another way")];
        if (command.Neutral && command.Text.Length > MostBehindLink)
            return [new("text", $"The message is {Characters(command.Text.Length - MostBehindLink)} too long. Shorten it, or send it in two messages.")];
        var size = SmsText.Measure(command.Sms);
        return size.TooLong
            ? [new("text", $"The message is {Characters(size.Units - size.MaxUnits)} too long. Shorten it, or send it in two messages.")]
            : [];
    }

    private static string Characters(int number) => number == 1 ? "1 character" : $"{number} characters";

    public static (Events, OutgoingMessages) Handle(SendMessage command, DateTimeOffset now)
    {
        var patient = command.Patient;
        var sent = new MessageSent(
            command.ConversationId, command.Ref, command.Requester.PracticeId, command.Requester.Id, command.Requester.Name,
            new(patient.Id, patient.Name, patient.NhsNumber.Value, patient.DateOfBirth, patient.Mobile?.E164 ?? "", patient.IsTest),
            command.Text, command.Sms, command.Token?.Value, now, command.Follows, command.Neutral, command.Answers);
        OutgoingMessages messages = [new OutgoingMessages.Envelope(new DeliverSms(command.ConversationId, 1, command.LeavesAt ?? now), command.LeavesAt)];
        if (command.Token is not null)
            messages.Schedule(new ExpireConversation(command.ConversationId), now + Conversation.TimeToReply + Conversation.TimeToUpload);
        return (UkMobile.TryParse(command.Mobile, out var another, out _) && another.E164 != patient.Mobile?.E164
            ? [sent, new MobileCorrected(another.E164, now)] : [sent], messages);
    }
}
