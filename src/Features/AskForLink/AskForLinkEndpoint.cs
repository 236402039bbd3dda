using Carter;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Features.AskForLink;

/// <summary>"Ask for a new link", on the page of one that has expired or is locked. The answer is the same whatever came of it.</summary>
public sealed class AskForLinkModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapPost("/r/{token}/new-link", AskAsync).WithMetadata(new GuardedOtherwise("by the token in the address, which nobody can guess"));
        app.MapGet("/r/{token}/new-link", ShowAsync);
    }

    private static Task<IResult> AskAsync(string token, HttpContext context, IDocumentSession session, Actor actor, TimeProvider time)
    {
        actor.Name = Actor.Patient;
        return session.DecideAsync<IResult>(async () =>
        {
            if (await FindAsync(token, session, context.RequestAborted) is var (link, stream, _))
            {
                var (events, messages) = AskForLinkHandler.Handle(new(link.Value, Guid.NewGuid()), stream.Aggregate, time.GetUtcNow());
                stream.AppendMany(events);
                session.Publish(messages);
                await session.SaveChangesAsync(context.RequestAborted);
            }
            return new SeeOther(context.Request.Path.ToUriComponent());
        });
    }

    private static async Task<IResult> ShowAsync(string token, HttpContext context, IDocumentSession session) =>
        Page.Of(LinkAskedPage.Create(await FindAsync(token, session, context.RequestAborted) is var (_, stream, shown)
            ? new LinkAsked(shown, stream.Aggregate.Sent.Neutral) : new LinkAsked(null, IsNeutral: false)));

    private static async Task<LinkedConversation?> FindAsync(string token, IDocumentSession session, CancellationToken cancellation) =>
        LinkToken.TryParse(token, out var link) ? await LinkedConversation.FindAsync(link, session, cancellation) : null;
}

/// <param name="Practice">Where its name may be shown, and only then.</param>
/// <param name="IsNeutral">As <see cref="DeadLink.IsNeutral"/>.</param>
public sealed record LinkAsked(Practice? Practice, bool IsNeutral);
