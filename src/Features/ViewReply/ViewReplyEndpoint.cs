using Carter;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;
using PatientResponse.Infrastructure.Web.Layouts;

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

    private static Task<IResult> ShowAsync(string id, HttpContext context, IDocumentSession session, IDatabase database, Attention attention, TimeProvider time) =>
        session.DecideAsync<IResult>(async () =>
        {
            var clinician = context.Clinician();
            Answer<IReadOnlyList<IEventStream<Conversation>>>? before = null;
            Answer<IReadOnlyList<ConversationSummary>>? later = null;
            var stream = await session.FetchMineAsync(id, clinician, context.RequestAborted, (reading, conversation) =>
            {
                before = reading.FetchAll<Conversation>(ConversationSummary.Before(conversation, MostEarlier));
                later = ConversationSummary.Following(reading, conversation, clinician.Id);
            });
            if (stream is null)
                return Page.NotFound();
            var (now, seen) = (time.GetUtcNow(), ViewReplyHandler.Handle(stream.Aggregate, time.GetUtcNow()));
            stream.AppendMany(seen);
            session.Audit(clinician.Id, "viewed", stream.Id.ToString("N"));
            var thread = await ThreadAsync(stream.Aggregate, before!, later!, clinician, session, database, context.RequestAborted);
            await session.SaveChangesAsync(context.RequestAborted);
            if (seen.Count > 0)
                attention.Seen();

            var refused = Refused.ErrorIn(context);
            var typed = refused is null ? "" : (await context.Request.FormOrEmptyAsync()).Line("mobile");
            return Page.Of(
                ConversationPage.Create(new ConversationView(stream.Aggregate, stream.History, now, context.Request.Query["done"], refused, thread, typed)),
                refused is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
        });

    private static async Task<ConversationThread> ThreadAsync(
        Conversation conversation, Answer<IReadOnlyList<IEventStream<Conversation>>> before, Answer<IReadOnlyList<ConversationSummary>> later,
        Clinician clinician, IDocumentSession session, IDatabase database, CancellationToken cancellation)
    {
        string? unreadable = null;
        var found = await before.OrElseAsync(async () =>
        {
            (var readable, unreadable) = await BeforeAsync(conversation, session, cancellation);
            return readable;
        });
        var after = await later.OrElseAsync(() => ConversationSummary.FollowingAsync(session, database, conversation.Id, clinician.Id, cancellation));
        return new(Earlier(conversation, found, clinician, session), after, unreadable);
    }

    /// <summary>One after the other, up to the first that cannot be read, and which that is.</summary>
    private static async Task<(IReadOnlyList<IEventStream<Conversation>> Readable, string? Damaged)> BeforeAsync(
        Conversation conversation, IDocumentSession session, CancellationToken cancellation)
    {
        var found = new List<IEventStream<Conversation>>();
        try
        {
            for (var next = conversation; next.Sent.Follows is { } id && found.Count < MostEarlier; next = found[^1].Aggregate)
            {
                if (await session.Events.FetchForWriting<Conversation>(id, cancellation) is not { } stream)
                    break;
                found.Add(stream);
            }
            return (found, null);
        }
        catch (DamagedException damaged)
        {
            return (found, damaged.What);
        }
    }

    /// <summary>The earlier ones are shown with their replies: that is a view of each.</summary>
    private static List<Conversation> Earlier(Conversation conversation, IReadOnlyList<IEventStream<Conversation>> found, Clinician clinician, IDocumentSession session)
    {
        var (earlier, before) = (new List<Conversation>(), found.ToDictionary(stream => stream.Id, stream => stream.Aggregate));
        // An erased one ends it, and so does one in other hands.
        for (var next = conversation; next.Sent.Follows is { } id && before.Remove(id, out var one) && one.RequesterId == clinician.Id; next = one)
        {
            session.Audit(clinician.Id, "viewed", id.ToString("N"), "in a thread");
            earlier.Insert(0, one);
        }
        return earlier;
    }
}

public static class ViewReplyHandler
{
    /// <summary>The first look at something new is on record; later looks are in the audit record only.</summary>
    public static Events Handle(Conversation conversation, DateTimeOffset now) =>
        conversation.NeedsAttention ? [new ConversationOpened(now)] : [];
}
