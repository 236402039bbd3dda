using System.Globalization;
using Carter;
using Microsoft.AspNetCore.Mvc;
using PatientResponse.Features.DeadLinks;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.Forms;
using PatientResponse.Infrastructure.Web.Requests;

namespace PatientResponse.Features.UploadReply;

/// <summary>Saves words while they are typed, in the draft of this browser.</summary>
public sealed class KeepTextModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapPost("/reply/{reference}/text", KeepAsync).WithMetadata(new PartOfPage());

    /// <summary>409 says in its body when the words were typed that are newer than these.</summary>
    private static async Task<IResult> KeepAsync(
        string reference, [FromForm] string? text, [FromForm] string? typed, [FromForm] string? proxy, [FromForm] string? proxyName, [FromForm] string? proxyRelationship, HttpContext context,
        IDocumentSession session, IDatabase database, PatientSessions browsers, Actor actor, TimeProvider time)
    {
        actor.Name = Actor.Patient;
        if (await WhoseAsync(reference, context, session, database, browsers) is not var (id, browser, link, practice))
            return UploadReplyModule.SessionOver();
        var kept = await KeptText.SaveAsync(session, id, browser, link, PlainText.Clean(text), ProxyFields.Of(proxy, proxyName, proxyRelationship), KeptText.Instant(typed ?? ""), context.ArrivedAt(), time);
        return kept switch
        {
            null => UploadReplyModule.SessionOver(),
            { Dead: { } dead } => DeadLink.Answer(dead, practice),
            { Newer: { } newer } => Results.Text(newer.ToString(CultureInfo.InvariantCulture), statusCode: StatusCodes.Status409Conflict),
            _ => Results.Ok(),
        };
    }

    /// <summary>A browser whose session is over may go on writing what it alone will be shown, once it has given the date of birth again.</summary>
    private static async Task<(Guid Id, string Browser, string? Link, Practice? Practice)?> WhoseAsync(
        string reference, HttpContext context, IDocumentSession session, IDatabase database, PatientSessions browsers)
    {
        if (await OpenReply.FindAsync(reference, context, session, browsers) is var (stream, browser, practice, _))
            return (stream.Id, browser.Browser, browser.Link, practice);
        return await ConversationSummary.FindByRefAsync(database, reference, context.RequestAborted) is { } id && browsers.DraftOf(context, id) is { } draft
            ? (id, draft, null, null) : null;
    }
}
