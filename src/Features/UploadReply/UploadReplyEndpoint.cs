using System.Security.Cryptography;
using System.Text;
using Carter;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using PatientResponse.Infrastructure.Files;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web;
using PatientResponse.Infrastructure.Web.Languages;
using MinDataRate = Microsoft.AspNetCore.Server.Kestrel.Core.MinDataRate;

namespace PatientResponse.Features.UploadReply;

public sealed class UploadReplyModule : ICarterModule
{
    /// <summary>In bytes. Five full files take 35 MB; more is read to its end so that the answer arrives, up to here.</summary>
    private const long MaxRequest = 100 * 1024 * 1024;

    /// <summary>In bytes, where nobody has given a date of birth: five full files and their words.</summary>
    private const long MaxRequestWithoutSession = 36 * 1024 * 1024;

    /// <summary>In characters. Far above what can be sent, so that a text that is too long can still be made shorter.</summary>
    private const int MostKept = 60_000;

    /// <summary>Drafts of words alone in one conversation. Each right date of birth may begin one; nobody has so many browsers.</summary>
    private const int MostDrafts = 20;

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
            return DeadLink.Answer(dead, practice, token: stream.Aggregate.Token);
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
        if (!context.Request.HasFormContentType || context.Request.ContentType!.StartsWith("application", StringComparison.OrdinalIgnoreCase))
            throw new BadHttpRequestException("The reply form is multipart.", StatusCodes.Status415UnsupportedMediaType);
        actor.Name = Actor.Patient;
        using var tooSlow = new CancellationTokenSource(Conversation.TimeToUpload, time);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(tooSlow.Token, context.RequestAborted);
        using var reader = new ReplyFormReader(antiforgery, intake, inFlight);
        IReadOnlyList<ReplyFile>? drop = null;
        context.Features.Set(new ShownBack(status => Page.Of(NotSavedPage.Create(NotSaved.Of(reader, reference, status, mayBeSaved: drop is not null)), status)));
        if (browsers.IsLive(context))
            AllowSlowUploads(context);
        else
            LimitTo(context, MaxRequestWithoutSession);
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
        var room = Room.For(before, drafts, now);
        var fresh = Attachment.New(received.Files, before.Files);
        var added = fresh.Take(room.Left).ToList();
        var surplus = received.Files.Except(added).ToList();
        var isOfFilesOnly = IsOfFilesOnly(context);
        var draft = before with { Files = [.. before.Files, .. added] };
        if (!isOfFilesOnly)
            draft = draft with { Text = received.Text, TypedAt = Math.Max(received.TypedAt, before.TypedAt), Proxy = received.Proxy };
        var command = new UploadReply(Guid.CreateVersion7(now), draft.Text, draft.Files, Fingerprint(browser, received), browser.Link, Language.Current.Tag, context.ArrivedAt(), draft.Proxy);
        var form = new ReplyForm(reference, stream.Aggregate, practice, draft)
        {
            Refused = [.. received.Refused, .. fresh.Skip(room.Left).Select(file => RefusedFile.TooMany(file.Name, room))],
        };
        session.Store(received.Action == "delete" ? staging.After(browser.Browser, received.TypedAt) : staging);

        switch (UploadReplyHandler.Validate(command, stream.Aggregate))
        {
            case Refusal.Repeated when !isOfFilesOnly:
                return (new SeeOther($"/reply/{reference}/sent"), received.Files);
            case Refusal.Dead dead:
                session.Delete(before);
                await session.SaveChangesAsync();
                return (DeadLink.Answer(dead.State, practice, received.Text, stream.Aggregate.Token), [.. draft.Files, .. surplus]);
            // It was on its way when the patient deleted everything.
            case var _ when isOfFilesOnly && staging.IsDeleted(browser.Browser, received.TypedAt):
                return (Files(form with { Draft = before, Refused = [] }), received.Files);
            case var _ when received.Action == "delete":
                session.Delete(before);
                await session.SaveChangesAsync();
                return (new SeeOther($"/reply/{reference}"), [.. draft.Files, .. surplus]);
            case var _ when received.Action.StartsWith("remove:", StringComparison.Ordinal):
                var removed = draft.Files.Where(file => $"remove:{file.Id:N}" == received.Action).ToList();
                await KeepAsync(session, draft with { Files = [.. draft.Files.Except(removed)] }, drafts, now);
                return (isOfFilesOnly ? Files(form with { Draft = draft with { Files = [.. draft.Files.Except(removed)] } })
                    : form.Refused.Count == 0 ? new SeeOther($"/reply/{reference}") : Again(form), [.. removed, .. surplus]);
            case var _ when isOfFilesOnly:
                if (added.Count > 0)
                    await KeepAsync(session, draft, drafts, now);
                return (Files(form), surplus);
            case var _ when received.Action.StartsWith("language:", StringComparison.Ordinal):
                await KeepAsync(session, draft, drafts, now);
                return (form.Refused.Count == 0 && Language.OfTag(received.Action["language:".Length..]) is { } language
                    ? new SeeOther($"/reply/{reference}{ChosenLanguage.Address(language)}") : Again(form), surplus);
            case var _ when form.Refused.Count > 0:
                await KeepAsync(session, draft, drafts, now);
                return (Again(form), surplus);
            case var _ when received.Action == "keep":
                await KeepAsync(session, draft, drafts, now);
                return (new SeeOther($"/reply/{reference}"), surplus);
            case Refusal.Mistake mistake:
                await KeepAsync(session, draft, drafts, now);
                return (Again(form with { Mistake = mistake }), surplus);
        }

        var (events, messages) = UploadReplyHandler.Handle(command, stream.Aggregate, now);
        stream.AppendMany(events);
        session.Publish(messages);
        session.Delete(before);
        await session.SaveChangesAsync();
        return (new SeeOther($"/reply/{reference}/sent"), surplus);
    }

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

    /// <param name="all">The drafts of the conversation.</param>
    internal static async Task KeepAsync(IDocumentSession session, ReplyDraft draft, IReadOnlyList<ReplyDraft> all, DateTimeOffset now)
    {
        session.Store(draft with { Text = draft.Text[..Math.Min(draft.Text.Length, MostKept)] });
        if (draft.StartedAt == now)
        {
            session.Publish([new OutgoingMessages.Envelope(new TidyDrafts(draft.ConversationId), draft.Expires)]);
            // Those with files are few: see Room.MaxStaged.
            var words = all.Where(other => other.Id != draft.Id && other.Files.Count == 0);
            foreach (var oldest in words.OrderByDescending(other => other.StartedAt).Skip(MostDrafts - 1))
                session.Delete(oldest);
        }
        await session.SaveChangesAsync();
    }

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
