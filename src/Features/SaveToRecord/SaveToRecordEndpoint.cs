using Carter;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Answers;

namespace PatientResponse.Features.SaveToRecord;

/// <summary>Marks that a reply is in the patient's record, in the practice's own system: only its requester knows.</summary>
public sealed class SaveToRecordModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var conversation = app.MapGroup("/conversations/{id}").RequireAuthorization();
        conversation.MapPost("/saved", (string id, HttpContext context, IDocumentSession session, TimeProvider time) => MarkAsync(id, isSaved: true, context, session, time));
        conversation.MapPost("/not-saved", (string id, HttpContext context, IDocumentSession session, TimeProvider time) => MarkAsync(id, isSaved: false, context, session, time));
    }

    private static Task<IResult> MarkAsync(string id, bool isSaved, HttpContext context, IDocumentSession session, TimeProvider time) =>
        session.DecideAsync<IResult>(async () =>
        {
            var stream = await session.FetchMineAsync(id, context.Clinician(), context.RequestAborted);
            if (stream is null)
                return Page.Colleagues();
            if (SaveToRecordHandler.Validate(stream.Aggregate) is { } refusal)
                return new Refused("conversation", refusal);
            stream.AppendMany(SaveToRecordHandler.Handle(isSaved, stream.Aggregate, time.GetUtcNow()));
            await session.SaveChangesAsync(context.RequestAborted);
            return new SeeOther($"/conversations/{stream.Id:N}?done={(isSaved ? "saved" : "not-saved")}");
        });
}

public static class SaveToRecordHandler
{
    /// <summary>Why it cannot be marked; null when it can.</summary>
    public static string? Validate(Conversation conversation) => conversation.Reply is null ? "The patient has not replied. Copy the message from the details below if it belongs in the record." : null;

    public static Events Handle(bool isSaved, Conversation conversation, DateTimeOffset now) =>
        isSaved == conversation.IsSavedToRecord ? []
        : isSaved ? [new SavedToRecord(now)]
        : [new NotSavedToRecord(now)];
}
