using Carter;
using Microsoft.AspNetCore.Mvc;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features.ConfirmDob;

public sealed class ConfirmDobModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var guard = new GuardedOtherwise("by the token in the address, which nobody can guess");
#pragma warning disable ASP0022 // A part of an address goes before the rest of it: nothing is ambiguous.
        app.MapGet("/r/{token}", ShowAsync);
        app.MapPost("/r/{token}", ConfirmAsync).WithMetadata(guard);
        // Phones and mail programs glue to a link what stood behind it, slashes too.
        app.MapGet("/r/{**token}", ShowAsync);
        app.MapPost("/r/{**token}", ConfirmAsync).WithMetadata(guard);
#pragma warning restore ASP0022
    }

    private static async Task<IResult> ShowAsync(string? token, HttpContext context, IDocumentSession session, IDatabase database)
    {
        if (await FindAsync(token, session, database, context.RequestAborted) is not var (link, stream, _))
            return DeadLink.Answer(null, null);
        var practice = await session.ShownPracticeAsync(stream.Aggregate);
        var state = stream.Aggregate.LinkAt(context.ArrivedAt(), link.Value);
        return state == LinkState.Open
            ? Page.Of(ConfirmDobPage.Create(DobForm.Of(stream.Aggregate, practice, link)))
            : DeadLink.Answer(state, practice, token: link.Value, isNeutral: stream.Aggregate.Sent.Neutral);
    }

    private static async Task<IResult> ConfirmAsync(
        string? token, [FromForm] string? day, [FromForm] string? month, [FromForm] string? year, HttpContext context,
        IDocumentSession session, IDatabase database, PatientSessions browsers, CookieCheck cookies, Counters counters, Actor actor, TimeProvider time)
    {
        var brake = new WrongDateBrake(counters, time);
        actor.Name = Actor.Patient;
        var typed = DateInput.Parse(day, month, year, UkTime.Today(time));
        if (typed.Date is null)
            return (await DecideAsync()).Answer;
        await brake.SlowDownAsync(context);
        var isWrong = false;
        try
        {
            (var answer, isWrong) = await DecideAsync();
            return answer;
        }
        finally
        {
            if (!isWrong)
                await brake.ForgiveAsync(context);
        }

        Task<(IResult Answer, bool IsWrong)> DecideAsync() => session.DecideAsync<(IResult, bool)>(async () =>
        {
            var now = context.ArrivedAt();
            if (await FindAsync(token, session, database, context.RequestAborted) is not var (link, stream, checks))
                return (DeadLink.Answer(null, null), false);
            var conversation = stream.Aggregate;
            var practice = await session.ShownPracticeAsync(conversation);
            var state = conversation.LinkAt(now, link.Value);
            if (state != LinkState.Open)
                return (DeadLink.Answer(state, practice, token: link.Value, isNeutral: conversation.Sent.Neutral), false);

            var form = DobForm.Of(conversation, practice, link) with { Day = day, Month = month, Year = year, Typed = typed };
            if (typed.Date is not { } date)
                return (Page.Of(ConfirmDobPage.Create(form), StatusCodes.Status422UnprocessableEntity), false);

            var command = new ConfirmDob(link.Value, date, Guid.NewGuid());
            session.Store(checks);
            if (ConfirmDobHandler.IsRight(command, conversation))
            {
                session.Audit(Actor.Patient, "confirmed date of birth", conversation.Id.ToString("N"));
                await session.SaveChangesAsync(context.RequestAborted);
                browsers.Begin(context, conversation.Sent.Ref, conversation.Id, link.Hash);
                return (new SeeOther(cookies.Mark($"/reply/{conversation.Sent.Ref}", conversation.Sent.Ref, context)), false);
            }

            var (events, messages) = ConfirmDobHandler.Handle(command, conversation, time.GetUtcNow());
            stream.AppendMany(events);
            session.Publish(messages);
            await session.SaveChangesAsync(context.RequestAborted);
            return (conversation.Status == ConversationStatus.Locked
                ? DeadLink.Answer(LinkState.Locked, practice, token: link.Value, isNeutral: conversation.Sent.Neutral)
                : Page.Of(ConfirmDobPage.Create(form with { TriesLeft = conversation.TriesLeft, IsWrong = true }), StatusCodes.Status422UnprocessableEntity), true);
        });
    }

    private static async Task<(LinkToken Link, IEventStream<Conversation> Stream, DateChecks Checks)?> FindAsync(
        string? token, IDocumentSession session, IDatabase database, CancellationToken cancellation)
    {
        if (!LinkToken.TryParse("/r/" + token, out var link) || await ConversationSummary.FindByLinkAsync(database, link, cancellation) is not { } id)
            return null;
        // Before the state: whoever checks a date in between makes our save fail.
        var checks = await DateChecks.LoadAsync(session, id, cancellation);
        return await session.Events.FetchForWriting<Conversation>(id, cancellation) is { } stream ? (link, stream, checks) : null;
    }
}
