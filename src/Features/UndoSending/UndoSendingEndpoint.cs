using Carter;
using Microsoft.AspNetCore.Mvc;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.Answers;

namespace PatientResponse.Features.UndoSending;

/// <summary>"Undo" in the seconds before a text message leaves. The attempt to send it is committed before the carrier is called, on the same
/// stream of events: of the two exactly one is saved, whichever copies they run in.</summary>
public sealed class UndoSendingModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/conversations/{id}/undo", UndoAsync).RequireAuthorization();

    private static Task<IResult> UndoAsync(string id, [FromForm] int? sms, HttpContext context, IDocumentSession session, IDatabase database, DailyCap cap, TimeProvider time) =>
        session.DecideAsync<IResult>(async () =>
        {
            var (clinician, command, now, cancellation) = (context.Clinician(), new UndoSending(sms), time.GetUtcNow(), context.RequestAborted);
            var stream = await session.FetchMineAsync(id, clinician, cancellation);
            if (stream is null)
                return Page.Colleagues();
            var conversation = stream.Aggregate;
            var done = new SeeOther(AddressAfter(conversation));
            if (UndoSendingHandler.IsDone(command, conversation))
                return done; // The second click of a double click.
            if (UndoSendingHandler.Validate(command, conversation, now) is { } refusal)
                return new Refused("conversation", refusal.Message, refusal.Field);

            var reading = session.Read();
            var taken = cap.Ask(reading, clinician, DateOnly.FromDateTime(UkTime.Of(conversation.QueuedAt).DateTime));
            // One of them that is damaged does not make the message leave.
            var answered = ReadableConversations.Ask(reading, session, database, Answered(conversation), cancellation);
            await reading.AskAsync(cancellation);
            stream.AppendMany(UndoSendingHandler.Handle(now));
            foreach (var earlier in (await answered()).Found)
                earlier.AppendMany([new AnswerUndone(stream.Id, now)]);
            if (conversation.Sent.RequesterId == clinician.Id)
                cap.GiveBack(session, taken());
            await session.SaveChangesAsync(cancellation);
            return done;
        });

    /// <summary>What the message dealt with; nothing where it was sent before, and only the further sending is undone.</summary>
    private static Sought Answered(Conversation conversation)
    {
        Guid[] ids = conversation.SmsCount > 1 ? [] : [.. conversation.Sent.Answers ?? []];
        return new("(select id from mt_doc_conversation_row where id = any(@answered))", Question.Named(new { answered = ids }));
    }

    /// <summary>Back to where it was sent from: with its words, or to the conversation that it was sent again in.</summary>
    private static string AddressAfter(Conversation conversation) => conversation.SmsCount > 1
        ? $"/conversations/{conversation.Id:N}?done=not-sent-again"
        : conversation.AddressToWriteAgain;
}
