using Carter;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Answers;

namespace PatientResponse.Features.PrintReply;

/// <summary>The reply on paper: who, what and when on every sheet.</summary>
public sealed class PrintReplyModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/conversations/{id}/print", ShowAsync).RequireAuthorization();

    private static async Task<IResult> ShowAsync(string id, HttpContext context, IDocumentSession session, TimeProvider time)
    {
        var clinician = context.Clinician();
        var stream = await session.FetchMineAsync(id, clinician, context.RequestAborted);
        if (stream is null)
            return Page.Colleagues();
        if (stream.Aggregate.Reply is null)
            return Page.NotFound();
        session.Audit(clinician.Id, "viewed", stream.Id.ToString("N"), "print");
        await session.SaveChangesAsync(context.RequestAborted);
        return Page.Of(PrintReplyPage.Create(new PrintedReply(stream.Aggregate, clinician.Name, time.GetUtcNow())));
    }
}

/// <param name="By">Who made the page.</param>
public sealed record PrintedReply(Conversation Conversation, string By, DateTimeOffset At)
{
    public ReplyUploaded Reply => Conversation.Reply!;

    /// <summary>Their numbers, from 1, as in the addresses of the files.</summary>
    public IEnumerable<(int Number, ReplyFile File)> Pictures =>
        Reply.Files.Index().Where(file => file.Item.Kind.IsImage() && file.Item.Scan.IsOpenable()).Select(file => (file.Index + 1, file.Item));
}
