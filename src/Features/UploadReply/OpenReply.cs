using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using static PatientResponse.Infrastructure.Languages.Words;

namespace PatientResponse.Features.UploadReply;

/// <summary>What a browser that gave the date of birth has before it.</summary>
/// <param name="Drafts">Of all browsers.</param>
public sealed record OpenReply(IEventStream<Conversation> Stream, PatientSession Browser, Practice Practice, IReadOnlyList<ReplyDraft> Drafts)
{
    public ReplyDraft Draft(DateTimeOffset now) => ReplyDraft.Of(Drafts, Stream.Id, Browser.Browser, now);

    /// <summary>One round trip. Null without a session of this conversation; without any, nothing is read.</summary>
    public static async Task<OpenReply?> FindAsync(string reference, HttpContext context, IDocumentSession session, PatientSessions browsers)
    {
        if (!PatientSessions.HasAny(context))
            return null;
        var (reading, conversation) = (session.Read(), ConversationSummary.OfRef(reference));
        var (stream, practice, drafts) = (reading.FetchForWriting<Conversation>(conversation), reading.PracticeOf(conversation), reading.List<ReplyDraft>(conversation));
        await reading.AskAsync(context.RequestAborted);
        if (stream.Value is not { } found || browsers.Continue(context, reference, found.Id) is not { } browser)
            return null;
        var its = await session.PracticeAsync(practice, found.Aggregate) ?? Practice.StandIn(found.Aggregate.Sent.PracticeId, Say("reply.somebody"));
        return new(found, browser, its, drafts.Value);
    }
}

/// <summary>The state to decide on once the whole form has arrived, and what others wrote meanwhile.</summary>
public sealed record FreshReply(IEventStream<Conversation> Stream, Staging Staging, IReadOnlyList<ReplyDraft> Drafts)
{
    /// <summary>One round trip. Null when there is no such conversation any more.</summary>
    public static async Task<FreshReply?> FetchAsync(IDocumentSession session, Guid conversationId)
    {
        var reading = session.Read();
        // First: whoever sends, deletes or adds meanwhile makes our save fail.
        var staging = reading.Load<Staging>(Staging.IdOf(conversationId));
        var (stream, drafts) = (reading.FetchForWriting<Conversation>(conversationId), reading.List<ReplyDraft>(conversationId));
        await reading.AskAsync();
        return stream.Value is { } found ? new(found, staging.Value ?? new(Staging.IdOf(conversationId), conversationId), drafts.Value) : null;
    }
}
