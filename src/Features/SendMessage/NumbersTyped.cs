using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.SendMessage;

/// <summary>A number that somebody typed for one conversation with a patient: it is offered for the next message, and never used by itself.</summary>
/// <param name="In">The conversation; the clinician may open it.</param>
/// <param name="By">Who typed it.</param>
public sealed record NumberTyped(UkMobile Mobile, Guid In, DateTimeOffset At, string By);

/// <summary>Finds it.</summary>
public static class NumbersTyped
{
    /// <summary>Of the clinician's newest conversations with the patient. Who wrote more without it does not need it.</summary>
    private const int Most = 10;

    /// <summary>Asked together with what else is needed; the newest number, or null.</summary>
    public static Func<Task<NumberTyped?>> Ask(
        IReading reading, IDocumentSession session, IDatabase database, string patient, Clinician clinician, CancellationToken cancellation)
    {
        var mine = ReadableConversations.Ask(reading, session, database, new(
            $"(select id from mt_doc_conversation_row where requester = @clinician and patient = @written order by sent_at desc limit {Most})",
            Question.Named(new { clinician = clinician.Id, written = patient })), cancellation);
        return async () => Newest((await mine()).Found, clinician);
    }

    private static NumberTyped? Newest(IEnumerable<IEventStream<Conversation>> conversations, Clinician clinician) => conversations
        .Where(one => one.Aggregate.RequesterId == clinician.Id)
        .Select(one => (one, typed: one.History.LastOrDefault(happened => happened.Data is MobileCorrected)))
        .Where(found => found.typed is not null)
        .OrderByDescending(found => found.typed!.At)
        .Select(found => Of(found.one, found.typed!, clinician))
        .FirstOrDefault(number => number is not null);

    private static NumberTyped? Of(IEventStream<Conversation> conversation, StoredEvent typed, Clinician clinician) =>
        UkMobile.TryParse(((MobileCorrected)typed.Data).Mobile, out var mobile, out _)
            ? new(mobile, conversation.Id, typed.At, WhoTyped(conversation, typed, clinician)) : null;

    private static string WhoTyped(IEventStream<Conversation> conversation, StoredEvent typed, Clinician clinician) =>
        conversation.History.Where(happened => happened.Version > typed.Version).Select(happened => happened.Data).OfType<ConversationHandedOver>().FirstOrDefault() is { } handed
            ? handed.FromId == clinician.Id ? Contact.You : handed.FromName
            : Contact.You;
}
