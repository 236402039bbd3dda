using System.Globalization;
using Carter;
using Microsoft.Net.Http.Headers;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Answers;

namespace PatientResponse.Features.DownloadReply;

public sealed class DownloadReplyModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var conversation = app.MapGroup("/conversations/{id}").RequireAuthorization();
        conversation.MapGet("/files/{number}", FileAsync);
        conversation.MapGet("/download", ZipAsync);
    }

    /// <summary>One file, from 1. With <c>?view</c> it is a thumbnail of the page, not a download.</summary>
    private static async Task<IResult> FileAsync(
        string id, string number, HttpContext context, IDocumentSession session, FileIntake files, ILogger<DownloadReplyModule> logger)
    {
        var cancellation = context.RequestAborted;
        var stream = await session.FetchMineAsync(id, context.Clinician(), cancellation);
        if (stream is null)
            return Page.Colleagues();
        if (stream.Aggregate.Reply is not { } reply || !TryFind(reply, number, out var file))
            return Page.NotFound();
        if (!file.Scan.IsOpenable())
            return await UnscannedAsync(stream.Id, file, context, session);
        if (await SoundFile.OpenAsync(files, stream, file, cancellation) is not { } content)
            return Damaged(stream.Id, file, logger);

        session.Audit(context.Clinician().Id, context.Request.Query.ContainsKey("view") ? "viewed" : "downloaded", stream.Id.ToString("N"), file.Id.ToString("N"));
        await session.SaveChangesAsync(cancellation);
        Confine(context.Response);
        return TypedResults.Stream(content, file.Kind.MediaType(), SafeFileName.Of(file.Name));
    }

    private static async Task<IResult> ZipAsync(
        string id, HttpContext context, IDocumentSession session, FileIntake files, ILogger<DownloadReplyModule> logger)
    {
        var cancellation = context.RequestAborted;
        var stream = await session.FetchMineAsync(id, context.Clinician(), cancellation);
        if (stream is null)
            return Page.Colleagues();
        if (stream.Aggregate.Reply is not { } reply)
            return Page.NotFound();
        foreach (var file in reply.Files.Where(file => file.Scan.IsOpenable()))
        {
            await using var content = await SoundFile.OpenAsync(files, stream, file, cancellation);
            if (content is null)
                return Damaged(stream.Id, file, logger);
        }

        session.Audit(context.Clinician().Id, "downloaded", stream.Id.ToString("N"), "zip");
        await session.SaveChangesAsync(cancellation);
        Confine(context.Response);
        // The reference is no secret and says nothing about the patient.
        return TypedResults.Stream(body => ReplyZip.WriteAsync(body, stream, files, cancellation),
            "application/zip", $"reply-{stream.Aggregate.Sent.Ref}.zip");
    }

    private static bool TryFind(ReplyUploaded reply, string number, out ReplyFile file)
    {
        var known = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= 1 && n <= reply.Files.Count;
        file = known ? reply.Files[n - 1] : null!;
        return known;
    }

    private static async Task<IResult> UnscannedAsync(Guid conversation, ReplyFile file, HttpContext context, IDocumentSession session)
    {
        session.Audit(context.Clinician().Id, "refused", conversation.ToString("N"), file.Id.ToString("N"));
        await session.SaveChangesAsync(context.RequestAborted);
        return Page.Of(UnscannedFilePage.Create(new UnscannedFile($"/conversations/{conversation:N}", file.Name, file.Scan)), StatusCodes.Status403Forbidden);
    }

    private static IResult Damaged(Guid conversation, ReplyFile file, ILogger logger)
    {
        logger.LogError("File {File} of conversation {Conversation} is damaged", file.Id, conversation);
        return Page.Of(DamagedFilePage.Create(new DamagedFile($"/conversations/{conversation:N}", file.Name)), StatusCodes.Status500InternalServerError);
    }

    /// <summary>Whatever a patient's file holds, it gets no rights on our address.</summary>
    private static void Confine(HttpResponse response) => response.Headers[HeaderNames.ContentSecurityPolicy] = "sandbox; default-src 'none'";
}
