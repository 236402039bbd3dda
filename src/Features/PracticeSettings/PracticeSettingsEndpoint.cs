using System.Globalization;
using Carter;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Features.PracticeSettings;

/// <summary>What a practice's managers can change. For everybody else there is no such page, and their visit is on record.</summary>
public sealed class PracticeSettingsModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var practice = app.MapGroup("/practice").RequireAuthorization();
        practice.MapGet("", ShowAsync);
        practice.MapPost("", SaveAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, string? saved, IDocumentSession documents)
    {
        if (await MineAsync(context, documents) is not { } practice)
            return await RefuseAsync(context, documents);
        return Page.Of(PracticeSettingsPage.Create(new PracticeForm(SavePractice.Of(practice), saved is not null, [], [])));
    }

    private static async Task<IResult> SaveAsync(
        HttpContext context, IDocumentSession documents, PasswordCheck passwords, StaffSessions sessions, TimeProvider time)
    {
        var form = await context.Request.FormOrEmptyAsync();
        var command = new SavePractice(
            form.Line("name"), form.Line("phone"), form.Line("senderName"), form.Line("signOff"), form.Line("showName") == "true",
            form.Text("retentionDays"), form.Line("requiresSecondFactor") == "true",
            int.TryParse(form.Text("seen"), NumberStyles.None, CultureInfo.InvariantCulture, out var seen) ? seen : -1,
            form.Line("neutralMessages") == "true", form.Line("askingWords"), form.Line("support"));
        var isFresh = context.StaffSession().IsFresh(time.GetUtcNow());
        FieldError? wrong = null;
        if (!isFresh && form.Secret("current") is { Length: > 0 } password)
        {
            var (answer, _) = await passwords.CheckAsync(context, context.Clinician().Email, password);
            (isFresh, wrong) = (answer == PasswordAnswer.Right, PracticeSettingsHandler.Refusal(answer));
            if (isFresh)
                await sessions.ConfirmAsync(context);
        }
        return await documents.DecideAsync(async () =>
        {
            if (await MineAsync(context, documents) is not { } practice)
                return await RefuseAsync(context, documents);
            if (PracticeSettingsHandler.Overtaken(command, practice) is { Count: > 0 } overtaken)
                return Page.Of(
                    PracticeSettingsPage.Create(new PracticeForm(command with { Seen = practice.Revision }, false, overtaken, [])), StatusCodes.Status409Conflict);
            if (PracticeSettingsHandler.Validate(command, practice) is { Count: > 0 } problems)
                return Page.Of(PracticeSettingsPage.Create(new PracticeForm(command, false, [], problems)), StatusCodes.Status422UnprocessableEntity);
            if (!isFresh && PracticeSettingsHandler.NeedsFreshSignIn(command, practice))
                return Page.Of(
                    PracticeSettingsPage.Create(new PracticeForm(command, false, [], [wrong ?? PracticeSettingsHandler.PasswordNeeded]) { AsksPassword = true }), StatusCodes.Status422UnprocessableEntity);
            var after = PracticeSettingsHandler.Handle(command, practice);
            if (PracticeRules.Changes(practice, after) is { Count: > 0 } changes)
            {
                documents.Store(after);
                documents.Audit(context.Clinician().Id, "set practice", after.Id, string.Join("; ", changes));
                await documents.SaveChangesAsync(context.RequestAborted);
            }
            return new SeeOther("/practice?saved");
        });
    }

    /// <summary>The practice that this person manages; null for everybody else.</summary>
    private static async Task<Practice?> MineAsync(HttpContext context, IDocumentSession documents) =>
        await documents.FetchMyselfAsync(context) is { IsManager: true, PracticeId: var id } ? await documents.LoadAsync<Practice>(id, context.RequestAborted) : null;

    private static async Task<IResult> RefuseAsync(HttpContext context, IDocumentSession documents)
    {
        var clinician = context.Clinician();
        documents.Audit(clinician.Id, "refused practice settings", clinician.PracticeId);
        await documents.SaveChangesAsync(context.RequestAborted);
        return Page.NotFound();
    }
}

/// <param name="Overtaken">What somebody else has saved meanwhile.</param>
public sealed record PracticeForm(SavePractice Typed, bool Saved, IReadOnlyList<string> Overtaken, IReadOnlyList<FieldError> Errors)
{
    /// <summary>The change is one that an unlocked desk is not enough for.</summary>
    public bool AsksPassword { get; init; }
}
