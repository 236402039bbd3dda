using System.Security.Cryptography;
using System.Text;
using Carter;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using PatientResponse.Features.DeadLinks;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Languages;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.ErrorPages;
using PatientResponse.Infrastructure.Web.Forms;
using PatientResponse.Infrastructure.Web.Languages;
using PatientResponse.Infrastructure.Web.Requests;
using MinDataRate = Microsoft.AspNetCore.Server.Kestrel.Core.MinDataRate;

namespace PatientResponse.Features.UploadReply;

public sealed class UploadReplyModule : ICarterModule
{
    /// <summary>In bytes. Five full files take 35 MB; more is read to its end so that the answer arrives, up to here.</summary>
    private const long MaxRequest = 100 * 1024 * 1024;

    /// <summary>In bytes, from a browser whose session is over: five full files and their words. One that never gave a date of birth has no
    /// page that sends files, and may send what a form of words holds.</summary>
    private const long MaxRequestAfterSession = 36 * 1024 * 1024;

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/reply/{reference}", ShowAsync);
        app.MapGet("/reply/{reference}/sent", ShowSentAsync);
        object[] guards = [new RequestSizeLimitAttribute(MaxRequest), new GuardedOtherwise("by the antiforgery token, read from the stream by ReplyFormReader")];
        app.MapPost("/reply/{reference}", TakeAsync).WithMetadata(guards);
        app.MapPost("/reply/{reference}/files", TakeAsync).WithMetadata([.. guards, new OfFilesOnly()]);
    }

    private static async Task<IResult> ShowAsync(string reference, HttpContext context, IDocumentSession session, PatientSessions browsers, CookieCheck cookies, TimeProvider time)
    {
        if (await OpenReply.FindAsync(reference, context, session, browsers) is not var (stream, browser, practice, drafts))
            return !PatientSessions.HasAny(context) && cookies.IsMarked(context, reference) ? await KeepsNoCookiesAsync(reference, session) : SessionOver();
        if (browser.Sent)
            return new SeeOther($"/reply/{reference}/sent");
        if (UploadReplyHandler.DeadState(stream.Aggregate, browser.Link, context.ArrivedAt()) is { } dead)
            return DeadLink.Answer(dead, practice, token: stream.Aggregate.Token, isAskedAgain: stream.Aggregate.IsAskedAgain);
        var draft = ReplyDraft.Of(drafts, stream.Id, browser.Browser, time.GetUtcNow());
        return Page.Of(UploadReplyPage.Create(new ReplyForm(reference, stream.Aggregate, practice, draft)));
    }

    private static async Task<IResult> ShowSentAsync(string reference, HttpContext context, IDocumentSession session, PatientSessions browsers) =>
        await OpenReply.FindAsync(reference, context, session, browsers) switch
        {
            var (stream, browser, practice, _) when browser.Sent => Page.Of(UploadReplyDone.Create(new SentReply(practice, stream.Aggregate.HasWaitingFiles))),
            null => SessionOver(),
            _ => new SeeOther($"/reply/{reference}"),
        };

    /// <summary>Takes the whole form, or what the page's script sends of it: files, one by one. The rules are the same.</summary>
    private static async Task<IResult> TakeAsync(
        string reference, HttpContext context, IDocumentSession session, IDatabase database, PatientSessions browsers,
        IAntiforgery antiforgery, FileIntake intake, FilesInFlight inFlight, IFileStore store, Actor actor, TimeProvider time)
    {
        // First: what is refused unread is drained by the server up to its limit.
        if (browsers.IsLive(context))
            AllowSlowUploads(context);
        else
            LimitTo(context, browsers.IsKnown(context) ? MaxRequestAfterSession : BodyLimit.OfStrangers);
        if (!context.Request.HasFormContentType || context.Request.ContentType!.StartsWith("application", StringComparison.OrdinalIgnoreCase))
            throw new BadHttpRequestException("The reply form is multipart.", StatusCodes.Status415UnsupportedMediaType);
        actor.Name = Actor.Patient;
        using var tooSlow = new CancellationTokenSource(Conversation.TimeToUpload, time);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(tooSlow.Token, context.RequestAborted);
        using var reader = new ReplyFormReader(antiforgery, intake, inFlight);
        IReadOnlyList<ReplyFile>? drop = null;
        context.Features.Set(new ShownBack(status => Page.Of(NotSavedPage.Create(NotSaved.Of(reader, reference, status, mayBeSaved: drop is not null)), status), () => reader.Words));
        try
        {
            // Before the first question to the database: whatever is away, the words are here.
            await reader.ReadWordsAsync(context, cancellation.Token);
            if (await OpenReply.FindAsync(reference, context, session, browsers) is not var (stream, browser, practice, drafts))
                return await ReadWithoutSessionAsync(reference, reader, context, session, database, browsers, time, cancellation.Token);
            var isDead = UploadReplyHandler.DeadState(stream.Aggregate, browser.Link, context.ArrivedAt()) is not null;
            var draft = ReplyDraft.Of(drafts, stream.Id, browser.Browser, time.GetUtcNow());
            var room = Room.For(draft, drafts, time.GetUtcNow());
            var received = await reader.ReadAsync(context, stream.Id, isDead ? null : stream.DataKey, room, draft.Files, cancellation.Token);
            if (!received.IsFromOurForm)
                return Page.Of(
                    UploadReplyPage.Create(new ReplyForm(reference, stream.Aggregate, practice, draft with { Text = received.Text, Proxy = received.Proxy }) { IsStale = true }), StatusCodes.Status400BadRequest);

            // From here on a failure may come after the reply was stored: its files stay, and tidying decides.
            drop = [];
            (var result, drop) = await session.DecideAsync(() => DecideAsync(reference, received, stream.Id, browser, practice, context, session, time));
            if (result is SeeOther && received.Action == "send")
                browsers.MarkSent(context, reference, browser);
            return result;
        }
        catch (Exception e) when (Failures.IsOutage(e) && !context.RequestAborted.IsCancellationRequested)
        {
            await reader.DrainAsync(context, cancellation.Token);
            throw;
        }
        catch (OperationCanceledException e) when (tooSlow.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The form took too long.", StatusCodes.Status408RequestTimeout, e);
        }
        finally
        {
            // Whatever stopped us on the way: what was staged and is not kept goes.
            await DropAsync(store, reader.ConversationId, drop ?? reader.Staged);
        }
    }

    /// <summary>Decides on fresh state; called again after a conflict, with the same upload.</summary>
    /// <returns>The answer, and the files that are not needed any more.</returns>
    private static async Task<(IResult Result, IReadOnlyList<ReplyFile> Drop)> DecideAsync(
        string reference, ReceivedReply received, Guid conversationId, PatientSession browser, Practice practice,
        HttpContext context, IDocumentSession session, TimeProvider time)
    {
        var now = time.GetUtcNow();
        if (await FreshReply.FetchAsync(session, conversationId) is not var (stream, staging, drafts))
            return (SessionOver(received.Text), received.Files);
        var before = ReplyDraft.Of(drafts, conversationId, browser.Browser, now);
        // Another tab, or another browser, may have filled the room that was there when this upload began.
        var reply = new ReplyInHand(before, Room.For(before, drafts, now), received, IsOfFilesOnly(context));
        var command = new UploadReply(
            Guid.CreateVersion7(now), reply.Draft.Text, reply.Draft.Files, Fingerprint(browser, received), browser.Link, Language.Current.Tag, context.ArrivedAt(), reply.Draft.Proxy);
        var decision = ReplyDecision.Of(
            UploadReplyHandler.Validate(command, stream.Aggregate), received.Action, reply.IsOfFilesOnly, staging.IsDeleted(browser.Browser, received.TypedAt), reply.Refused.Count > 0);

        var kept = reply.Kept(decision);
        if (decision is ReplyDecision.Send)
        {
            var (events, messages) = UploadReplyHandler.Handle(command, stream.Aggregate, now);
            stream.AppendMany(events);
            session.Publish(messages);
        }
        if (kept is not null || decision is ReplyDecision.Send or ReplyDecision.Over or ReplyDecision.Delete)
        {
            session.Store(received.Action == "delete" ? staging.After(browser.Browser, received.TypedAt) : staging);
            if (kept is null)
                session.Delete(before);
            else
                DraftKeeping.Keep(session, kept, drafts, now);
            await session.SaveChangesAsync();
        }
        var form = new ReplyForm(reference, stream.Aggregate, practice, kept ?? reply.Draft) { Refused = reply.Refused };
        return (Answer(decision, form, reply, received.Text), reply.Dropped(decision));
    }

    private static IResult Answer(ReplyDecision decision, ReplyForm form, ReplyInHand reply, string text) => decision switch
    {
        ReplyDecision.Repeated or ReplyDecision.Send => new SeeOther($"/reply/{form.Ref}/sent"),
        ReplyDecision.Over over => DeadLink.Answer(over.State, form.Practice, text, form.Conversation.Token, isAskedAgain: form.Conversation.IsAskedAgain),
        ReplyDecision.TooLate => Files(form with { Draft = reply.Before, Refused = [] }),
        ReplyDecision.Add => Files(form),
        ReplyDecision.Remove when reply.IsOfFilesOnly => Files(form),
        ReplyDecision.Remove when form.Refused.Count > 0 => Again(form),
        ReplyDecision.Translate translate => new SeeOther($"/reply/{form.Ref}{ChosenLanguage.Address(translate.To)}"),
        ReplyDecision.Again again => Again(form with { Mistake = again.Mistake }),
        _ => new SeeOther($"/reply/{form.Ref}"),
    };

    /// <summary>The session is over, but the browser may still show that it gave the right date earlier: then its text is kept
    /// for when it does so again. Otherwise the text is shown back, to be copied.</summary>
    private static async Task<IResult> ReadWithoutSessionAsync(
        string reference, ReplyFormReader reader, HttpContext context, IDocumentSession session, IDatabase database, PatientSessions browsers,
        TimeProvider time, CancellationToken cancellation)
    {
        var received = await reader.ReadAsync(context, Guid.Empty, dataKey: null, new(0, 0, ""), [], cancellation);
        if (received.IsFromOurForm && received.Text.Length > 0
            && await ConversationSummary.FindByRefAsync(database, reference, cancellation) is { } conversationId
            && browsers.DraftOf(context, conversationId) is { } browser)
            await KeptText.SaveAsync(session, conversationId, browser, link: null, received.Text, received.Proxy, received.TypedAt, context.ArrivedAt(), time);
        return SessionOver(received.Text);
    }

    private static bool IsOfFilesOnly(HttpContext context) => context.GetEndpoint()!.Metadata.GetMetadata<OfFilesOnly>() is not null;

    private static IResult Files(ReplyForm form) =>
        Page.Of(ReplyFiles.Create(form), form.Refused.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    private static IResult Again(ReplyForm form) => Page.Of(UploadReplyPage.Create(form), StatusCodes.Status422UnprocessableEntity);

    private static string Fingerprint(PatientSession browser, ReceivedReply received) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{browser.Browser}/{received.Digest}")));

    /// <summary>Right after the date of birth. The mark of the address proves no more than that, so the page tells no more than the one before.</summary>
    private static async Task<IResult> KeepsNoCookiesAsync(string reference, IDocumentSession session)
    {
        var reading = session.Read();
        var (stream, practice) = (reading.FetchForWriting<Conversation>(ConversationSummary.OfRef(reference)), reading.PracticeOf(ConversationSummary.OfRef(reference)));
        await reading.AskAsync();
        return stream.Value is { Aggregate: var conversation }
            ? Page.Of(NoCookiesPage.Create(new NoCookies((await session.PracticeAsync(practice, conversation)).ShownTo(conversation), conversation.Sent.Neutral)), StatusCodes.Status403Forbidden)
            : SessionOver();
    }

    internal static IResult SessionOver(string text = "") => Page.Of(SessionOverPage.Create(text), StatusCodes.Status403Forbidden);

    private static async Task DropAsync(IFileStore store, Guid conversationId, IReadOnlyList<ReplyFile> files)
    {
        foreach (var file in files)
        {
            try
            {
                await store.DeleteAsync(BlobName.Of(conversationId, file.Id));
            }
            catch (IOException)
            {
                // The store is away, and the patient waits: the conversation's next tidying deletes what is left.
                return;
            }
        }
    }

    private static void LimitTo(HttpContext context, long bytes)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = bytes;
    }

    /// <summary>A phone at the edge of its signal may stall for a while; the whole is bounded by <see cref="Conversation.TimeToUpload"/>.</summary>
    private static void AllowSlowUploads(HttpContext context)
    {
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = new MinDataRate(bytesPerSecond: 100, gracePeriod: TimeSpan.FromMinutes(2));
    }

    /// <summary>Marks the route that takes files without words: they join the draft, and nothing is sent.</summary>
    private sealed record OfFilesOnly;
}
