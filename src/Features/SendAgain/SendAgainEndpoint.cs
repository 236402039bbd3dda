using Carter;
using Microsoft.AspNetCore.Mvc;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Answers;

namespace PatientResponse.Features.SendAgain;

public sealed class SendAgainModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/conversations/{id}/send-again", SendAsync).RequireAuthorization();

    private static Task<IResult> SendAsync(
        string id, [FromForm] int? sms, [FromForm] string? mobile, HttpContext context, IDocumentSession session, IPatientDirectory patients, DailyCap cap, PublicAddress address, UndoTime undo, TimeProvider time)
    {
        var (clinician, cancellation, token) = (context.Clinician(), context.RequestAborted, LinkToken.New());
        var another = UkMobile.TryParse(mobile, out var parsed, out var problem);
        var mistyped = another || string.IsNullOrWhiteSpace(mobile) ? null : problem;
        var command = new SendAgain(sms, token, address.Link(token.Value), another ? parsed.E164 : null, undo.LeavesAt(time.GetUtcNow()));
        return session.DecideAsync<IResult>(async () =>
        {
            Func<TakenToday>? taken = null;
            Answer<Practice?>? read = null;
            var stream = await session.FetchMineAsync(id, clinician, cancellation, (reading, _) => (taken, read) = (cap.Ask(reading, clinician), reading.Load<Practice>(clinician.PracticeId)));
            if (stream is null)
                return Page.Colleagues();
            var (conversation, now) = (stream.Aggregate, time.GetUtcNow());
            var done = new SeeOther($"/conversations/{stream.Id:N}?done=sent-again");
            if (mistyped is null && SendAgainHandler.IsDone(command, conversation))
                return done;
            var patient = await patients.FindAsync(conversation.Patient.PatientId, clinician, cancellation);
            var practice = read!.Value!;
            if (SendAgainHandler.Validate(conversation, patient, now) is { } refusal)
                return new Refused("conversation", refusal);
            if (mistyped is not null)
                return new Refused("conversation", mistyped, "mobile");
            if (cap.Refusal(taken!(), practice) is { } reached)
                return new Refused("conversation", reached);

            var (events, messages) = SendAgainHandler.Handle(command, conversation, now);
            stream.AppendMany(events);
            session.Publish(messages);
            cap.Take(session, taken(), practice);
            await session.SaveChangesAsync(cancellation);
            return done;
        });
    }
}
