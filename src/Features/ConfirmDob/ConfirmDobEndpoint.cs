using Carter;
using Microsoft.AspNetCore.Mvc;
using PatientResponse.Features.DeadLinks;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;
using PatientResponse.Infrastructure.Web.Requests;

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

    private static async Task<IResult> ShowAsync(string? token, HttpContext context, IDocumentSession session)
    {
        if (!LinkToken.TryParse("/r/" + token, out var typed) || await LinkedConversation.FindAsync(typed, session, context.RequestAborted) is not var (link, stream, practice))
            return DeadLink.Answer(null, null);
        var state = stream.Aggregate.LinkAt(context.ArrivedAt(), link.Value);
        return state == LinkState.Open
            ? Page.Of(ConfirmDobPage.Create(DobForm.Of(stream.Aggregate, practice, link)))
            : DeadLink.Answer(state, practice, token: link.Value, isNeutral: stream.Aggregate.Sent.Neutral, isAskedAgain: stream.Aggregate.IsAskedAgain);
    }

    private static async Task<IResult> ConfirmAsync(
        string? token, [FromForm] string? day, [FromForm] string? month, [FromForm] string? year, HttpContext context,
        IDocumentSession session, PatientSessions browsers, CookieCheck cookies, Counters counters, Actor actor, TimeProvider time)
    {
        actor.Name = Actor.Patient;
        if (!LinkToken.TryParse("/r/" + token, out var link))
            return DeadLink.Answer(null, null);
        var typed = DateInput.Parse(day, month, year, UkTime.Today(time));
        await using var brake = new WrongDateBrake(counters, time, context);
        var checking = await FindAsync(typed.Date is null ? null : brake);
        if (await brake.SlowDownAsync())
            checking = await FindAsync(); // Much may have happened meanwhile.
        return await session.DecideAsync(async () =>
        {
            var (now, found) = (context.ArrivedAt(), checking ?? await FindAsync());
            checking = null;
            if (found is not ({ } checks, var (_, stream, practice)))
                return DeadLink.Answer(null, null);
            var conversation = stream.Aggregate;
            var state = conversation.LinkAt(now, link.Value);
            if (state != LinkState.Open)
                return DeadLink.Answer(state, practice, token: link.Value, isNeutral: conversation.Sent.Neutral, isAskedAgain: conversation.IsAskedAgain);

            var form = DobForm.Of(conversation, practice, link) with { Day = day, Month = month, Year = year, Typed = typed };
            if (typed.Date is not { } date)
                return Page.Of(ConfirmDobPage.Create(form), StatusCodes.Status422UnprocessableEntity);

            var command = new ConfirmDob(link.Value, date, Guid.NewGuid());
            session.Store(checks);
            if (ConfirmDobHandler.IsRight(command, conversation))
            {
                session.Audit(Actor.Patient, "confirmed date of birth", conversation.Id.ToString("N"));
                await brake.SaveAsync(session, isRight: true);
                browsers.Begin(context, conversation.Sent.Ref, conversation.Id, link.Hash);
                return new SeeOther(cookies.Mark($"/reply/{conversation.Sent.Ref}", conversation.Sent.Ref, context));
            }

            var (events, messages) = ConfirmDobHandler.Handle(command, conversation, time.GetUtcNow());
            stream.AppendMany(events);
            session.Publish(messages);
            await brake.SaveAsync(session, isRight: false);
            return conversation.Status == ConversationStatus.Locked
                ? DeadLink.Answer(LinkState.Locked, practice, token: link.Value, isNeutral: conversation.Sent.Neutral, isAskedAgain: conversation.IsAskedAgain)
                : Page.Of(ConfirmDobPage.Create(form with { TriesLeft = conversation.TriesLeft, IsWrong = true }), StatusCodes.Status422UnprocessableEntity);
        });

        async Task<(DateChecks?, LinkedConversation?)?> FindAsync(WrongDateBrake? counting = null)
        {
            Answer<IReadOnlyList<DateChecks>>? checks = null;
            var found = await LinkedConversation.FindAsync(link, session, context.RequestAborted, (reading, conversation) =>
            {
                // Before the state: whoever checks a date in between makes our save fail.
                checks = reading.List<DateChecks>(conversation);
                counting?.Count(reading, conversation);
            });
            return (found is null ? null : DateChecks.Of(checks!.Value, found.Stream.Id), found);
        }
    }
}
