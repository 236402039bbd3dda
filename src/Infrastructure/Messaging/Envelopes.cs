using System.Text;
using System.Text.Json;
using PatientResponse.Infrastructure.Storage;
using Wolverine;
using Wolverine.Runtime.Serialization;
using IMessage = PatientResponse.Infrastructure.Storage.IMessage;

namespace PatientResponse.Infrastructure.Messaging;

/// <summary>Messages as rows of Wolverine's durable inbox. An operator's command adds them too, where Wolverine does not run:
/// therefore they are written here, in the transaction of whatever raises them, and Wolverine reads them.</summary>
internal static class Envelopes
{
    public const string Inbox = MessageStore.Inbox;

    public const string DeadLetters = MessageStore.DeadLetters;

    /// <summary>The one local queue. Messages of all kinds share its workers.</summary>
    public static readonly Uri Queue = new("local://messages/");

    /// <param name="due">Null: at once.</param>
    /// <param name="owner">The process that does it, by its number; 0 for whoever looks first.</param>
    public static Envelope New(IMessage message, DateTimeOffset now, DateTimeOffset? due, int owner)
    {
        var isLater = due > now;
        return new(message)
        {
            Id = Guid.CreateVersion7(now),
            Destination = Queue,
            ContentType = "application/json",
            Data = JsonSerializer.SerializeToUtf8Bytes(message, message.GetType()),
            SentAt = now,
            ScheduledTime = isLater ? due : null,
            Status = isLater ? EnvelopeStatus.Scheduled : EnvelopeStatus.Incoming,
            OwnerId = isLater ? 0 : owner,
            WasPersistedInInbox = true,
        };
    }

    /// <summary>When it is due stands there for messages that are due at once as well: what waits is ordered and measured by it.</summary>
    public static Statement Insert(Envelope envelope) => new(
        $"""
        insert into {Inbox}(id, body, status, owner_id, execution_time, attempts, message_type, received_at)
        values(@id, @body, @status, @owner, @due, 0, @type, @queue)
        """,
        new Dictionary<string, object?>
        {
            ["id"] = envelope.Id,
            ["body"] = EnvelopeSerializer.Serialize(envelope),
            ["status"] = $"{envelope.Status}",
            ["owner"] = envelope.OwnerId,
            ["due"] = envelope.ScheduledTime ?? envelope.SentAt,
            ["type"] = envelope.MessageType,
            ["queue"] = $"{Queue}",
        })
    { Head = () => Head.OfMessage(envelope.Id, envelope.Data ?? []) };

    /// <summary>Whatever ends a message says so: one that is not there any more and never ended was taken out of the queue.</summary>
    public static Statement Over(this Statement end, Guid message) => end with { Head = () => Head.Gone(HeadOf.Message, $"{message:N}") };

    /// <summary>A type's own name, as operators know it.</summary>
    public static string NameOf(string? messageType) => messageType is null ? "" : messageType[(messageType.LastIndexOf('.') + 1)..].TrimEnd('>');

    /// <summary>What a stored message says, which is ids.</summary>
    public static string BodyOf(Envelope envelope) => Encoding.UTF8.GetString(envelope.Data ?? []);
}
