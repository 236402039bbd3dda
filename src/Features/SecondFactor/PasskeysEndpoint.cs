using Carter;
using Microsoft.AspNetCore.Identity;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.Access;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Features.SecondFactor;

/// <summary>A person's passkeys: add, rename, remove.</summary>
public sealed class PasskeysModule : ICarterModule
{
    private const string Address = "/account/passkeys";
    private static readonly string TooMany = $"You have {FactorHandler.MostPasskeys} passkeys already, which is the most. Remove one first";
    private const string NotAdded = "The passkey was not added. Try again";

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var passkeys = app.MapGroup(Address).RequireAuthorization().WithMetadata(new OpenWithoutSecondFactor()).AddEndpointFilter<FreshSignIn>();
        passkeys.MapGet("", (HttpContext context, string? saved) => Show(context.Clinician(), saved: saved is null ? null : "Your passkeys are saved"));
        passkeys.MapPost("/options", async (HttpContext context, IPasskeyHandler<Clinician> handler, PasskeyCeremonies ceremonies) =>
        {
            var me = context.Clinician();
            var options = await handler.MakeCreationOptionsAsync(new() { Id = me.Id, Name = me.Email, DisplayName = me.Name }, context);
            await ceremonies.BeginAsync(context, options.AttestationState, me.Id);
            return Results.Content(options.CreationOptionsJson, "application/json");
        });
        passkeys.MapPost("", AddAsync);
        passkeys.MapPost("/rename", RenameAsync);
        passkeys.MapPost("/remove", RemoveAsync);
    }

    private static async Task<IResult> AddAsync(
        HttpContext context, IPasskeyHandler<Clinician> handler, PasskeyCeremonies ceremonies, IDocumentSession documents, Keyring keyring, StaffSessions sessions, TimeProvider time)
    {
        var form = await context.Request.FormOrEmptyAsync();
        var me = context.Clinician();
        if (me.Factors.Passkeys.Count >= FactorHandler.MostPasskeys)
            return Show(me, TooMany);
        if (await ceremonies.TakeAsync(context, me.Id) is not { } state
            || await handler.PerformAttestationAsync(new() { HttpContext = context, CredentialJson = form.Text("credential"), AttestationState = state })
                is not { Succeeded: true, Passkey: { } made })
            return Show(me, NotAdded);
        var (clinician, codes) = await documents.DecideAsync(async () =>
        {
            if (await documents.FetchMyselfAsync(context) is not { } clinician)
                return ((Clinician?)null, (IReadOnlyList<string>)[]);
            var name = FactorHandler.PasskeyName(form.Line("name"), clinician.Factors.Passkeys.Count + 1);
            var codes = FactorHandler.Add(clinician, new Passkey(
                made.CredentialId, made.PublicKey, name, time.GetUtcNow(), null, made.SignCount, made.Transports ?? [], made.IsBackupEligible, made.IsBackedUp), keyring);
            await UnreadCodes.StoreAsync(documents, clinician, codes, time);
            FactorChanged.Store(documents, clinician.Id, clinician, FactorChange.PasskeyAdded);
            await documents.SaveChangesAsync(context.RequestAborted);
            return (clinician, codes);
        });
        if (clinician is null)
            return FreshSignIn.SignInAgain();
        await sessions.BeginAsync(context, clinician);
        return new SeeOther(codes.Count > 0 ? UnreadCodes.Address : Address + "?saved");
    }

    private static async Task<IResult> RenameAsync(HttpContext context, IDocumentSession documents)
    {
        var form = await context.Request.FormOrEmptyAsync();
        return await documents.DecideAsync<IResult>(async () =>
        {
            var clinician = (await documents.LoadAsync<Clinician>(context.Clinician().Id, context.RequestAborted))!;
            if (clinician.Factors.Passkeys.FindIndex(passkey => passkey.IdText == form.Text("id")) is >= 0 and var at)
            {
                clinician.Factors.Passkeys[at] = clinician.Factors.Passkeys[at] with { Name = FactorHandler.PasskeyName(form.Line("name"), at + 1) };
                documents.Store(clinician);
                documents.Audit(clinician.Id, "changed second factor", clinician.Id, "PasskeyRenamed");
                await documents.SaveChangesAsync(context.RequestAborted);
            }
            return new SeeOther(Address + "?saved");
        });
    }

    private static async Task<IResult> RemoveAsync(HttpContext context, IDocumentSession documents, StaffSessions sessions, InstallationRules rules)
    {
        var id = (await context.Request.FormOrEmptyAsync()).Text("id");
        var (clinician, refusal) = await documents.DecideAsync(async () =>
        {
            if (await documents.FetchMyselfAsync(context) is not { } clinician)
                return (null, null);
            var practice = (await documents.LoadAsync<Practice>(clinician.PracticeId, context.RequestAborted))!;
            if (clinician.Factors.Passkeys.All(passkey => passkey.IdText != id))
                return ((Clinician?)clinician, (string?)null);
            if (FactorHandler.Remove(clinician, rules.Of(practice), factors => factors.Passkeys.RemoveAll(passkey => passkey.IdText == id)) is { } refusal)
                return (clinician, refusal);
            FactorChanged.Store(documents, clinician.Id, clinician, FactorChange.PasskeyRemoved);
            await documents.SaveChangesAsync(context.RequestAborted);
            return (clinician, null);
        });
        if (clinician is null)
            return FreshSignIn.SignInAgain();
        if (refusal is not null)
            return Show(clinician, refusal);
        await sessions.BeginAsync(context, clinician);
        return new SeeOther(Address + "?saved");
    }

    private static IResult Show(Clinician clinician, string? refusal = null, string? saved = null) => Page.Of(
        PasskeysPage.Create(new Passkeys(clinician.Factors.Passkeys, saved, refusal is null ? [] : [new("add", refusal)])),
        refusal is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
}

public sealed record Passkeys(IReadOnlyList<Passkey> Mine, string? Saved, IReadOnlyList<FieldError> Errors);
