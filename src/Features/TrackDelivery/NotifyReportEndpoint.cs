using Carter;
using Microsoft.AspNetCore.Mvc;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Features.TrackDelivery;

/// <summary>Where GOV.UK Notify reports. A report is queued at once and answered; what it means is decided afterwards.</summary>
public sealed class NotifyReportModule : ICarterModule
{
    /// <summary>In bytes; a report has some ten short fields.</summary>
    private const int MaxBody = 64 * 1024;

    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/webhooks/notify", ReceiveAsync)
            .WithMetadata(new RequestSizeLimitAttribute(MaxBody), new GuardedOtherwise("by the bearer token that was agreed with Notify"));

    private static async Task<IResult> ReceiveAsync(HttpRequest request, NotifyWebhook webhook, IDocumentSession session, ILogger<NotifyReportModule> logger)
    {
        if (!webhook.IsGenuine(request))
        {
            logger.LogWarning("A report did not bear Notify's token. If it was Notify's, check Notify:CallbackToken and the callbacks of the service");
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }
        using var reader = new StreamReader(request.Body);
        if (NotifyWebhook.Read(await reader.ReadToEndAsync(request.HttpContext.RequestAborted)) is var (conversation, attempt, news))
        {
            session.Publish(new() { new RecordDelivery(conversation, attempt, news.Report, news.Reason) });
            await session.SaveChangesAsync();
        }
        return Results.NoContent();
    }
}
