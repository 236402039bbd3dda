using Carter;
using Microsoft.AspNetCore.Mvc;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Features.TrackDelivery;

/// <summary>Where Twilio reports. A report is queued at once and answered; what it means is decided afterwards.</summary>
public sealed class TwilioReportModule : ICarterModule
{
    /// <summary>In bytes; a report has some twenty short fields.</summary>
    private const int MaxBody = 64 * 1024;

    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/webhooks/twilio", ReceiveAsync)
            .WithMetadata(new RequestSizeLimitAttribute(MaxBody), new GuardedOtherwise("by Twilio's signature"));

    private static async Task<IResult> ReceiveAsync(HttpRequest request, TwilioWebhook webhook, IDocumentSession session, ILogger<TwilioReportModule> logger)
    {
        var form = await request.FormOrEmptyAsync();
        if (!webhook.IsGenuine(request, form))
        {
            logger.LogWarning("A report was not signed by Twilio for our address. If it was Twilio's, check Twilio:AuthToken and PublicUrl");
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }
        if (Guid.TryParse(request.Query["conversation"], out var conversation) && Guid.TryParse(request.Query["attempt"], out var attempt)
            && TwilioWebhook.Read(form) is { } news)
        {
            session.Publish(new() { new RecordDelivery(conversation, attempt, news.Report, news.Reason) });
            await session.SaveChangesAsync();
        }
        return Results.NoContent();
    }
}
