using Carter;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features.ViewReply;

public sealed class ViewReplyModule : ICarterModule
{
    /// <summary>Who asks again more often finds the older ones through their links.</summary>
    private const int MostEarlier = 10;

    /// <summary>For htmx: take this, and stop asking.</summary>
    private const int StopPolling = 286;

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/conversations/{id}", ShowAsync).RequireAuthorization().WithName("conversation");
        app.MapGet("/conversations/{id}/delivery", NewsAsync).RequireAuthorization();
    }

    /// <summary>What became of the SMS, for a page that is open already; nothing while there is no news. No view of a reply,
    /// so it is not on record as one.</summary>
    private static async Task<IResult> NewsAsync(string id, HttpContext context, IDocumentSession session, TimeProvider time)
    {
        var stream = await session.FetchMineAsync(id, context.Clinician(), context.RequestAborted);
        if (stream is null)
            return Page.NotFound();
        var view = new ConversationView(stream.Aggregate, stream.History, time.GetUtcNow(), null, null, ConversationThread.None);
        return stream.Aggregate.Reply is not null ? new SeeOther(view.Address)
            : view.DeliveryIsPending ? Results.NoContent()
            : Page.Of(DeliveryNews.Create(view), StopPolling);
    }

    private static Task<IResult> ShowAsync(string id, HttpContext context, IDocumentSession session, IDatabase database, TimeProvider time) =>
        session.DecideAsync<IResult>(async () =>
        {
            var clinician = context.Clinician();
            var stream = await session.FetchMineAsync(id, clinician, context.RequestAborted);
            if (stream is null)
                return Page.NotFound();
            var now = time.GetUtcNow();
            stream.AppendMany(ViewReplyHandler.Handle(stream.Aggregate, now));
            session.Audit(clinician.Id, "viewed", stream.Id.ToString("N"));
            var thread = await ThreadAsync(stream.Aggregate, clinician, session, database, context.RequestAborted);
            await session.SaveChangesAsync(context.RequestAborted);

            var refused = Refused.ErrorIn(context);
            var typed = refused is null ? "" : (await context.Request.FormOrEmptyAsync()).Line("mobile");
            return Page.Of(
                ConversationPage.Create(new ConversationView(stream.Aggregate, stream.History, now, context.Request.Query["done"], refused, thread, typed)),
                refused is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
        });

    /// <summary>The earlier ones are shown with their replies: that is a view of each.</summary>
    private static async Task<ConversationThread> ThreadAsync(
        Conversation conversation, Clinician clinician, IDocumentSession session, IDatabase database, CancellationToken cancellation)
    {
        var earlier = new List<Conversation>();
        string? unreadable = null;
        for (var follows = conversation.Sent.Follows; follows is { } id && earlier.Count < MostEarlier;)
        {
            Conversation? before;
            try
            {
                before = (await session.Events.FetchForWriting<Conversation>(id, cancellation))?.Aggregate;
            }
            catch (DamagedException damaged)
            {
                unreadable = damaged.What;
                break;
            }
            if (before?.RequesterId != clinician.Id)
                break; // Erased, or in other hands.
            session.Audit(clinician.Id, "viewed", id.ToString("N"), "in a thread");
            earlier.Insert(0, before);
            follows = before.Sent.Follows;
        }
        return new(earlier, await ConversationSummary.FollowingAsync(session, database, conversation.Id, clinician.Id, cancellation), unreadable);
    }
}

public static class ViewReplyHandler
{
    /// <summary>The first look at something new is on record; later looks are in the audit record only.</summary>
    public static Events Handle(Conversation conversation, DateTimeOffset now) =>
        conversation.NeedsAttention ? [new ConversationOpened(now)] : [];
}
