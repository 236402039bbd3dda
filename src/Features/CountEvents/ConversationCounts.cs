using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Telemetry;

namespace PatientResponse.Features.CountEvents;

/// <summary>Counts what happens to conversations, for whoever watches the installation: numbers only.</summary>
public sealed class ConversationCounts(Measures measures) : IDocumentSessionListener
{
    public void AfterCommit(IReadOnlyList<object> events)
    {
        foreach (var @event in events)
            Count(@event);
    }

    private void Count(object @event)
    {
        switch (@event)
        {
            case SmsAccepted: measures.Delivery("accepted"); break;
            case SmsDelivered: measures.Delivery("delivered"); break;
            case SmsPostponed: measures.Delivery("postponed"); break;
            case SmsFailed: measures.Delivery("failed"); break;
            case SmsUnknown: measures.Delivery("unknown"); break;
            case ReplyUploaded reply: measures.Reply(reply.Files.Count, reply.Files.Sum(file => file.Size)); break;
            case DateOfBirthRefused: measures.DateOfBirthRefused(); break;
            case LinkLocked: measures.LinkLocked(); break;
        }
    }
}
