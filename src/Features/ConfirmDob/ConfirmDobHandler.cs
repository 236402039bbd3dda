using System.Security.Cryptography;
using System.Text;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.ConfirmDob;

/// <param name="NoticeId">For the email, should this date lock the link.</param>
public sealed record ConfirmDob(string Token, DateOnly Date, Guid NoticeId);

public static class ConfirmDobHandler
{
    public static bool IsRight(ConfirmDob command, Conversation conversation) => command.Date == conversation.Patient.DateOfBirth;

    /// <summary>Nothing for the right date, or for a wrong one that was given before: a lost signal costs no try.</summary>
    public static (Events, OutgoingMessages) Handle(ConfirmDob command, Conversation conversation, DateTimeOffset now)
    {
        var fingerprint = Fingerprint(conversation.Id, command.Date);
        if (IsRight(command, conversation) || conversation.WasRefused(fingerprint))
            return ([], []);
        var refused = new DateOfBirthRefused(fingerprint, now);
        return conversation.TriesLeft > 1
            ? ([refused], [])
            : ([refused, new LinkLocked(now)], new() { new NotifyRequester(conversation.Id, Notice.Locked, command.NoticeId) });
    }

    private static string Fingerprint(Guid conversationId, DateOnly date) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{conversationId:N}/{date:O}")));
}
