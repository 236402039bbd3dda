using System.Security.Cryptography;
using Carter;
using Htmx;
using PatientResponse.Features.Composing;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;

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

    private static async Task<IResult> ShowAsync(string id, string? template, string? follows, string? undone, [AsParameters] ComposeDesk desk)
    {
        if (await desk.OpenAsync(id, new(Ids.New(desk.Time.GetUtcNow()), "", AllowResponse: false, Follows: follows ?? "", Undone: undone ?? "")) is not { } opened)
            return Page.NotFound();
        var form = await opened.ShownAsync(opened.Form);
        if (form.Undone is { } taken)
            form = form with { Text = taken.Sent.Text, AllowResponse = taken.AllowsResponse, AsksNeutral = taken.Sent.Neutral, Mobile = taken.TypedMobile, Note = "Undone: the text message was not sent. Your words are as they were." };
        else if (form.Follows is { } earlier)
            form = form with { AllowResponse = true, AsksNeutral = earlier.Sent.Neutral };
        return string.IsNullOrEmpty(template) || form.Obstacle is not null ? Page.Of(ComposePage.Create(form)) : Compose(desk, WithTemplate(form, template));
    }

    private static async Task<IResult> PreviewAsync(string id, [AsParameters] ComposeDesk desk) =>
        await desk.PreviewAsync(id, await ComposeFields.ReadAsync(desk.Context.Request, desk.Time)) is { } form
            ? Page.Of(ComposePreview.Create(form with { Warnings = desk.Warnings(form) })) : Page.NotFound();

    private static async Task<IResult> SendAsync(string id, [AsParameters] ComposeDesk desk)
    {
        var (typed, cancellation) = (await ComposeFields.ReadAsync(desk.Context.Request, desk.Time), desk.Context.RequestAborted);
        // Again after a conflict: it is the second click of a double click, or nothing was sent yet.
        return await desk.Session.DecideAsync(async () =>
        {
            if (await desk.OpenAsync(id, typed) is not { } opened)
                return Page.NotFound();
            var (form, before, taken, earlier, draft, number) = opened;
            if (form.Obstacle is not null)
                return Invalid(form);
            if ((typed.Use ?? typed.Discard) is { } begun)
            {
                var (changed, kept) = BegunEarlier.Put(form, draft, begun, isWanted: typed.Use is not null, desk.Time.GetUtcNow());
                await desk.SaveAsync(draft, kept);
                return Compose(desk, await opened.ShownAsync(changed));
            }
            if (typed.Number != "")
                return await ComposeAsync(form with { Mobile = await number() is { } known && known.Mobile.E164 == typed.Number ? known.Mobile.ToString() : form.Mobile });
            if (typed.Template != "")
                return await ComposeAsync(WithTemplate(form, typed.Template));
            if (typed.Ordinary)
                return await ComposeAsync(form with { Text = form.Hints.Ordinary ?? form.Text, Note = SmsHints.Replaced });

            var sent = new SeeOther($"/conversations/{form.ConversationId:N}");
            var token = form.AllowResponse ? LinkToken.New() : (LinkToken?)null;
            var command = new SendMessage(
                form.ConversationId, RandomNumberGenerator.GetString(RefAlphabet, 12), form.Patient, form.Clinician, form.Text,
                form.SmsWith(token is null ? null : desk.Address.Link(token.Value.Value)), token, form.Follows?.Id, form.IsNeutral,
                earlier.Ids(form.Clinician.Id), desk.Undo.LeavesAt(desk.Time.GetUtcNow()), form.Mobile);
            if (SendMessageHandler.Validate(command) is { Count: > 0 } errors)
                return await RefusedAsync(form with { Errors = errors });

            if (before is { IsUndone: true })
                return await RefusedAsync(form with { ConversationId = Ids.New(desk.Time.GetUtcNow()), Errors = [UndoneBefore] });
            if (before is not null)
                return before.Sent.Text == form.Text && before.Sent.RequesterId == form.Clinician.Id && before.FirstMobile == form.To?.E164
                    ? sent : await RefusedAsync(form with { ConversationId = Ids.New(desk.Time.GetUtcNow()), Errors = [SentBefore] });
            var warnings = desk.Warnings(form, typed.Seen);
            if (MessageWarnings.Unconfirmed(warnings, form.Text, typed.Confirmed).Count > 0)
                return await RefusedAsync(form with { Warnings = warnings, Asks = true });
            if (desk.Cap.Refusal(taken, form.Practice) is { } refusal)
                return await RefusedAsync(form with { Errors = [new("text", refusal)] });

            var (events, messages) = SendMessageHandler.Handle(command, desk.Time.GetUtcNow());
            desk.Session.Events.StartStream<Conversation>(form.ConversationId, events);
            earlier.Append(form.ConversationId, form.Clinician.Id, desk.Time.GetUtcNow());
            desk.Session.Publish(messages);
            if (warnings.Count > 0)
                desk.Session.Audit(form.Clinician.Id, "sent despite warnings", $"{form.ConversationId:N}", string.Join(", ", warnings.Select(warning => warning.Kind).Distinct()));
            desk.Cap.Take(desk.Session, taken, form.Practice);
            desk.Sent(draft, form);
            await desk.Session.SaveChangesAsync(cancellation);
            return sent;

            // What does not send keeps what was typed.
            async Task<IResult> RefusedAsync(ComposeForm shown)
            {
                await desk.KeepAsync(draft, shown);
                return Invalid(await opened.ShownAsync(shown));
            }

            async Task<IResult> ComposeAsync(ComposeForm shown)
            {
                await desk.KeepAsync(draft, shown);
                return Compose(desk, await opened.ShownAsync(shown));
            }
        });
    }

    private static readonly FieldError SentBefore = new("text",
        "You have sent a message from this page already, and then changed it. Press Send again to send this one as well.");

    private static readonly FieldError UndoneBefore = new("text",
        "You sent a message from this page and undid it, so it did not go. Press Send again to send this one.");

    private static IResult Invalid(ComposeForm form) => Page.Of(ComposePage.Create(form), StatusCodes.Status422UnprocessableEntity);

    /// <summary>Fills the message in; nothing is sent.</summary>
    private static ComposeForm WithTemplate(ComposeForm form, string template) =>
        form.Mine.Concat(form.Shared).FirstOrDefault(one => one.Id == template) is { } chosen
            ? TemplateChoice.Put(form, chosen)
            : form with { Errors = [new("templates", "This template is not there any more. Choose another one")] };

    /// <summary>The page, or for htmx what is composed on it.</summary>
    private static IResult Compose(ComposeDesk desk, ComposeForm form) => Page.Of(
        desk.Context.Request.IsHtmx() ? Composer.Create(form) : ComposePage.Create(form),
        form.Errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
}
