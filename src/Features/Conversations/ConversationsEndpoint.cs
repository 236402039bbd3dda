using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features.Conversations;

public sealed class ConversationsModule : ICarterModule
{
    private const int PageSize = 100;

    /// <summary>Older ones are still found by their own address.</summary>
    private const int Most = 2_000;

    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/conversations", ListAsync).RequireAuthorization();

    private static async Task<IResult> ListAsync(string? show, HttpContext context, IDocumentSession session)
    {
        var most = Math.Clamp(int.TryParse(show, out var wanted) ? wanted : PageSize, PageSize, Most);
        var mine = await ConversationSummary.MineAsync(session, context.Clinician().Id, most + 1, context.RequestAborted);
        return Page.Of<ConversationsPage>(new ConversationList(
            [.. mine.Take(most)], mine.Count > most && most < Most ? most + PageSize : null));
    }
}

/// <param name="More">How many to show for more; null when these are all.</param>
public sealed record ConversationList(IReadOnlyList<ConversationSummary> Rows, int? More);
