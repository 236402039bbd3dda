using System.Security.Cryptography;
using Carter;
using Htmx;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features.SendMessage;

public sealed class SendMessageModule : ICarterModule
{
    private const string RefAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var message = app.MapGroup("/patients/{id}/message").RequireAuthorization();
        message.MapGet("", ShowAsync);
        message.MapPost("", SendAsync);
        message.MapPost("/preview", PreviewAsync).WithMetadata(new PartOfPage());
    }

    private static async Task<IResult> ShowAsync(string id, string? template, string? follows, [AsParameters] ComposeDesk desk)
    {
        var form = await desk.OpenAsync(id, new(Guid.CreateVersion7(), "", AllowResponse: false, Follows: follows ?? ""));
        if (form is null)
            return Page.NotFound();
        if (form.Follows is { } earlier)
            form = form with { Text = FollowUp.Text(earlier), AllowResponse = true, AsksNeutral = earlier.Sent.Neutral };
        form = await desk.FurnishAsync(form);
        return string.IsNullOrEmpty(template) || form.Obstacle is not null ? Page.Of(ComposePage.Create(form)) : WithTemplate(form, template, desk);
    }

    private static async Task<IResult> PreviewAsync(string id, [AsParameters] ComposeDesk desk)
    {
        var form = await desk.OpenAsync(id, await ComposeFields.ReadAsync(desk.Context.Request));
        return form is null ? Page.NotFound() : Page.Of(ComposePreview.Create(form with { Warnings = await desk.WarningsAsync(form) }));
    }

    private static async Task<IResult> SendAsync(string id, [AsParameters] ComposeDesk desk, DailyCap cap)
    {
        var (typed, cancellation) = (await ComposeFields.ReadAsync(desk.Context.Request), desk.Context.RequestAborted);
        if (await desk.OpenAsync(id, typed) is not { } opened)
            return Page.NotFound();
        var form = await desk.FurnishAsync(opened);
        if (form.Obstacle is not null)
            return Invalid(form);
        if (typed.Template != "")
            return WithTemplate(form, typed.Template, desk);
        if (typed.Ordinary)
            return Compose(desk, form with { Text = form.Hints.Ordinary ?? form.Text, Note = SmsHints.Replaced });

        var (counted, sent) = (false, new SeeOther($"/conversations/{form.ConversationId:N}"));
        // Again after a conflict: it is the second click of a double click, or nothing was sent yet.
        return await desk.Session.DecideAsync(async () =>
        {
            var token = form.AllowResponse ? LinkToken.New() : (LinkToken?)null;
            var command = new SendMessage(
                form.ConversationId, RandomNumberGenerator.GetString(RefAlphabet, 12), form.Patient, form.Clinician, form.Text,
                form.SmsWith(token is null ? null : desk.Address.Link(token.Value.Value)), token, form.Follows?.Id, form.IsNeutral);
            if (SendMessageHandler.Validate(command) is { Count: > 0 } errors)
                return Invalid(form with { Errors = errors });

            if (await AlreadySentAsync(command, desk.Session, cancellation) is { } before)
                return before == form.Text ? sent : Invalid(form with { ConversationId = Guid.CreateVersion7(), Errors = [SentBefore] });
            var warnings = await desk.WarningsAsync(form, typed.Seen);
            if (MessageWarnings.Unconfirmed(warnings, form.Text, typed.Confirmed).Count > 0)
                return Invalid(form with { Warnings = warnings, Asks = true });
            if (!counted && await cap.TakeAsync(form.Clinician, form.Practice, cancellation) is { } refusal)
                return Invalid(form with { Errors = [new("text", refusal)] });
            counted = true;

            var (events, messages) = SendMessageHandler.Handle(command, desk.Time.GetUtcNow());
            desk.Session.Events.StartStream<Conversation>(form.ConversationId, events);
            desk.Session.Publish(messages);
            if (warnings.Count > 0)
                desk.Session.Audit(form.Clinician.Id, "sent despite warnings", $"{form.ConversationId:N}", string.Join(", ", warnings.Select(warning => warning.Kind).Distinct()));
            await desk.Session.SaveChangesAsync(cancellation);
            return sent;
        });
    }

    private static readonly FieldError SentBefore = new("text",
        "You have sent a message from this page already, and then changed it. Press Send again to send this one as well.");

    private static IResult Invalid(ComposeForm form) => Page.Of(ComposePage.Create(form), StatusCodes.Status422UnprocessableEntity);

    /// <summary>Fills the message in; nothing is sent.</summary>
    private static IResult WithTemplate(ComposeForm form, string template, ComposeDesk desk) =>
        form.Mine.Concat(form.Shared).FirstOrDefault(one => one.Id == template) is { } chosen
            ? Compose(desk, TemplateChoice.Put(form, chosen))
            : Compose(desk, form with { Errors = [new("templates", "This template is not there any more. Choose another one")] }, StatusCodes.Status422UnprocessableEntity);

    /// <summary>The page, or for htmx what is composed on it.</summary>
    private static IResult Compose(ComposeDesk desk, ComposeForm form, int status = StatusCodes.Status200OK) =>
        Page.Of(desk.Context.Request.IsHtmx() ? Composer.Create(form) : ComposePage.Create(form), status);

    /// <summary>The text that was sent under this id by this clinician; null when nothing was.</summary>
    private static async Task<string?> AlreadySentAsync(SendMessage command, IDocumentSession session, CancellationToken cancellation) =>
        (await session.Events.FetchForWriting<Conversation>(command.ConversationId, cancellation))?.Aggregate.Sent is { } sent
            ? sent.RequesterId == command.Requester.Id ? sent.Text : ""
            : null;
}
