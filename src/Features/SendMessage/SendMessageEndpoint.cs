using System.Security.Cryptography;
using Microsoft.AspNetCore.Mvc;
using PatientResponse.Infrastructure.Patients;
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
        message.MapPost("/preview", PreviewAsync);
    }

    private static async Task<IResult> ShowAsync(string id, HttpContext context, IPatientDirectory patients, IDocumentSession session, PublicAddress address)
    {
        var form = await FormOfAsync(id, context, patients, session, Guid.CreateVersion7(), "", false, address);
        return form is null ? Page.NotFound() : Page.Of<ComposePage>(form);
    }

    private static async Task<IResult> PreviewAsync(
        string id, [FromForm] string? text, [FromForm] string? allowResponse, HttpContext context, IPatientDirectory patients, IDocumentSession session, PublicAddress address)
    {
        var form = await FormOfAsync(id, context, patients, session, default, text, allowResponse == "true", address);
        return form is null ? Page.NotFound() : Page.Of<ComposePreview>(form);
    }

    private static async Task<IResult> SendAsync(
        string id, [FromForm] string? text, [FromForm] string? allowResponse, [FromForm] string? sending,
        HttpContext context, IPatientDirectory patients, IDocumentSession session, DailyCap cap, PublicAddress address, TimeProvider time)
    {
        var cancellation = context.RequestAborted;
        var conversationId = Ids.Parse(sending) ?? Guid.CreateVersion7();
        var form = await FormOfAsync(id, context, patients, session, conversationId, text, allowResponse == "true", address);
        if (form is null)
            return Page.NotFound();
        if (form.Obstacle is not null)
            return Page.Of<ComposePage>(form, StatusCodes.Status422UnprocessableEntity);

        var counted = false;
        // Again after a conflict: it is the second click of a double click, or nothing was sent yet.
        return await session.DecideAsync<IResult>(async () =>
        {
            var token = form.AllowResponse ? LinkToken.New() : (LinkToken?)null;
            var command = new SendMessage(
                conversationId, RandomNumberGenerator.GetString(RefAlphabet, 12), form.Patient, context.Clinician(), form.Text,
                SmsComposer.Compose(form.Patient.GivenName, form.Text, form.SignOff, token is null ? null : address.Link(token.Value.Value)), token);
            if (SendMessageHandler.Validate(command) is { Count: > 0 } errors)
                return Page.Of<ComposePage>(form with { Errors = errors }, StatusCodes.Status422UnprocessableEntity);

            if (await AlreadySentAsync(command, session, cancellation) is { } before)
                return before == form.Text
                    ? new SeeOther($"/conversations/{conversationId:N}")
                    : Page.Of<ComposePage>(form with { ConversationId = Guid.CreateVersion7(), Errors = [SentBefore] }, StatusCodes.Status422UnprocessableEntity);
            if (!counted && await cap.TakeAsync(context.Clinician(), form.Practice, cancellation) is { } refusal)
                return Page.Of<ComposePage>(form with { Errors = [new("text", refusal)] }, StatusCodes.Status422UnprocessableEntity);
            counted = true;

            var (events, messages) = SendMessageHandler.Handle(command, time.GetUtcNow());
            session.Events.StartStream<Conversation>(conversationId, events);
            session.Publish(messages);
            await session.SaveChangesAsync(cancellation);
            return new SeeOther($"/conversations/{conversationId:N}");
        });
    }

    private static readonly FieldError SentBefore = new("text",
        "You have sent a message from this page already, and then changed it. Press Send again to send this one as well.");

    /// <summary>The text that was sent under this id by this clinician; null when nothing was.</summary>
    private static async Task<string?> AlreadySentAsync(SendMessage command, IDocumentSession session, CancellationToken cancellation) =>
        (await session.Events.FetchForWriting<Conversation>(command.ConversationId, cancellation))?.Aggregate.Sent is { } sent
            ? sent.RequesterId == command.Requester.Id ? sent.Text : ""
            : null;

    private static async Task<ComposeForm?> FormOfAsync(
        string id, HttpContext context, IPatientDirectory patients, IDocumentSession session, Guid conversationId, string? text, bool allowResponse, PublicAddress address)
    {
        var clinician = context.Clinician();
        var patient = await patients.FindAsync(id, clinician, context.RequestAborted);
        if (patient is null)
            return null;
        var practice = await session.LoadAsync<Practice>(clinician.PracticeId, context.RequestAborted);
        return new(patient, practice!, clinician.SignOff ?? practice!.SignOff, conversationId, PlainText.Clean(text), allowResponse, address.Link(ComposeForm.TokenStandIn), []);
    }
}
