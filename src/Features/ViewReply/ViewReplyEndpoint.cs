using Carter;
using PatientResponse.Features.Composing;
using PatientResponse.Features.Desk;
using PatientResponse.Features.SendMessage;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;
using PatientResponse.Infrastructure.Web.Layouts;

namespace PatientResponse.Features.ViewReply;

public sealed class ViewReplyModule : ICarterModule
{
    /// <summary>Rows of the list beside a conversation.</summary>
    private const int RowsBeside = 50;

    /// <summary>For htmx: take this, and stop asking.</summary>
    private const int StopPolling = 286;

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/conversations/{id}", ShowAsync).RequireAuthorization().WithName("conversation");
        app.MapGet("/conversations/{id}/delivery", NewsAsync).RequireAuthorization();
    }

    /// <summary>What became of the SMS, for a page that is open already; nothing while there is no news. No view of a reply,
    /// so it is not on record as one.</summary>
    private static async Task<IResult> NewsAsync(string id, HttpContext context, IDocumentSession session, UndoTime undo, TimeProvider time)
    {
        var stream = await session.FetchMineAsync(id, context.Clinician(), context.RequestAborted);
        if (stream is null)
            return Page.Colleagues();
        var view = new ConversationView(stream.Aggregate, stream.History, time.GetUtcNow(), null, null, PatientThread.None) { Undo = undo };
        return stream.Aggregate.Reply is not null ? new SeeOther(view.Address)
            : view.DeliveryIsPending ? Results.NoContent()
            : Page.Of(DeliveryNews.Create(view), StopPolling);
    }

    private static Task<IResult> ShowAsync(string id, HttpContext context, IDocumentSession session, IDatabase database, Attention attention, UndoTime undo, TimeProvider time) =>
        session.DecideAsync<IResult>(async () =>
        {
            var (clinician, cancellation, now) = (context.Clinician(), context.RequestAborted, time.GetUtcNow());
            Func<IEventStream<Conversation>, Task<PatientThread>>? others = null;
            Func<CancellationToken, Task<DeskGroups>>? beside = null;
            Func<TemplateSet>? mine = null, shared = null;
            Func<string, MessageDraft?>? draft = null;
            var stream = await session.FetchMineAsync(id, clinician, cancellation, (reading, conversation) =>
            {
                others = PatientThread.Ask(reading, session, database, conversation, clinician, cancellation);
                draft = MessageDraft.Ask(reading, clinician, conversation);
                (mine, shared) = (TemplateSet.Mine(reading, clinician), TemplateSet.Shared(reading, clinician));
                if (!context.Request.IsForDesk())
                    beside = DeskGroups.Ask(reading, session, database, clinician.Id, RowsBeside, null, now);
            });
            if (stream is null)
                return Page.Colleagues();
            stream.AppendMany(ViewReplyHandler.Handle(stream.Aggregate, now));
            var thread = await others!(stream);
            // Each is shown with its reply: that is a view of it.
            foreach (var shown in thread.Conversations)
                session.Audit(clinician.Id, "viewed", shown.Id.ToString("N"), shown.Id == stream.Id ? "" : "in a thread");
            await session.SaveChangesAsync(cancellation);

            var refused = Refused.ErrorIn(context);
            var typed = refused is null ? "" : (await context.Request.FormOrEmptyAsync()).Line("mobile");
            var list = beside is null ? null
                : DeskList.Of(await beside(cancellation), RowsBeside, null, await attention.CountAsync(clinician.Id, cancellation), now) with { Open = stream.Id };
            return Page.Of(
                ConversationPage.Create(new ConversationView(stream.Aggregate, stream.History, now, context.Request.Query["done"], refused, thread, typed)
                {
                    List = list,
                    Undo = undo,
                    Begun = MessageDraft.Offered(draft!(stream.Aggregate.Patient.PatientId), Guid.Empty, now),
                    Templates = [.. TemplateSet.Shown(mine!).ByName, .. TemplateSet.Shown(shared!).ByName],
                }),
                refused is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
        });
}

public static class ViewReplyHandler
{
    /// <summary>The first look at something new is on record; later looks are in the audit record only.</summary>
    public static Events Handle(Conversation conversation, DateTimeOffset now) =>
        conversation.IsUnseen ? [new ConversationOpened(now)] : [];
}
