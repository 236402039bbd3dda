using Carter;
using Htmx;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Web.Answers;

namespace PatientResponse.Features.DevPhone;

/// <summary>Everybody's phone and mailbox, in Development only: elsewhere these routes do not exist.</summary>
public sealed class DevPhoneModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        if (app.ServiceProvider.GetRequiredService<IHostEnvironment>().IsDevelopment())
            app.MapGet("/dev/phone", Show);
    }

    /// <param name="seen">How many messages the page shows already; when there are no more, the answer is empty (204).</param>
    private static IResult Show(int? seen, HttpRequest request, CapturedMessages captured, PublicAddress address)
    {
        var messages = captured.NewestFirst();
        if (request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase))
            return Results.Json(messages);
        if (request.IsHtmx() && seen == messages.Count)
            return Results.NoContent();
        var shown = messages.Select(message => new DevPhoneMessage(message, MessageText.Parts(message.Text, address.Root))).ToList();
        return Page.Of(request.IsHtmx() ? DevPhoneMessages.Create(shown) : DevPhonePage.Create(shown));
    }
}

public sealed record DevPhoneMessage(CapturedMessage Message, IReadOnlyList<TextPart> Parts);
