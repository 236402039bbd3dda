using Carter;
using Htmx;
using Microsoft.AspNetCore.Mvc;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features.SearchPatient;

public sealed class SearchPatientModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var patients = app.MapGroup("/patients").RequireAuthorization();
        patients.MapGet("", async (string? q, string? dob, string? search, [AsParameters] SearchDesk desk) =>
        {
            var kept = await KeptSearch.FindAsync(desk.Session, desk.Context, search, desk.Time.GetUtcNow());
            var model = await desk.SearchAsync(kept?.Q ?? q, kept?.Dob ?? dob, isLive: desk.Context.Request.IsLive());
            await desk.Session.SaveChangesAsync(desk.Context.RequestAborted);
            return Show(desk.Context.Request, model with { IsOver = search is not null && kept is null });
        });
        patients.MapPost("", SearchAsync);
    }

    /// <summary>What was typed is not put into an address: those stay in the browser's history.</summary>
    private static async Task<IResult> SearchAsync(HttpRequest request, [AsParameters] SearchDesk desk)
    {
        var form = await request.FormOrEmptyAsync();
        var (q, dob) = (PlainText.Clean(form.Text("q")), PlainText.Clean(form.Text("dob")));
        var model = request.IsHtmx() ? await desk.SearchAsync(q, dob, request.IsLive()) : null;
        var isWorthKeeping = model is null || !request.IsLive() || model.ShowsSomebody;
        var kept = isWorthKeeping ? KeptSearch.Begin(desk.Session, desk.Context, q, dob, desk.Time.GetUtcNow()) : null;
        await desk.Session.SaveChangesAsync(desk.Context.RequestAborted);
        if (model is null)
            return new SeeOther(AddressOf(kept!));
        if (kept is not null)
            desk.Context.Response.Htmx(htmx => _ = request.IsLive() ? htmx.ReplaceUrl(AddressOf(kept)) : htmx.PushUrl(AddressOf(kept)));
        return Show(request, model);
    }

    private static IResult Show(HttpRequest request, SearchPatientModel model) => request.IsLive()
        ? Page.Of(SearchPatientLive.Create(model))
        : Page.Of(
            request.IsHtmx() ? SearchPatientUpdate.Create(model) : SearchPatientPage.Create(model),
            model.Errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);

    private static string AddressOf(KeptSearch kept) => $"/patients?search={kept.Id}";
}

/// <summary>What a search needs.</summary>
public sealed record SearchDesk(
    HttpContext Context, [FromServices] IPatientDirectory Patients, [FromServices] IDocumentSession Session, [FromServices] IDatabase Database,
    [FromServices] TimeProvider Time)
{
    /// <summary>Searches, and puts on record that it did; the caller saves.</summary>
    public async Task<SearchPatientModel> SearchAsync(string? q, string? dob, bool isLive)
    {
        var (clinician, cancellation) = (Context.Clinician(), Context.RequestAborted);
        var query = PatientQuery.Parse(q, dob);
        var found = await Patients.SearchAsync(query, clinician, cancellation);
        var recent = await RecentPatients.OfAsync(clinician, Database, Patients, cancellation);
        var model = SearchPatientHandler.Handle(new(PlainText.Clean(q), PlainText.Clean(dob)), query, found, recent);
        // Half-typed names that show nobody are no access to anybody's data.
        if (SearchPatientHandler.Audit(query, found) is { } detail && (!isLive || model.ShowsSomebody))
            Session.Audit(clinician.Id, "searched for patients", clinician.PracticeId, detail);
        return model;
    }
}

internal static class LiveSearch
{
    /// <summary>Asked for while somebody types, to put into the place of the results.</summary>
    public static bool IsLive(this HttpRequest request) => request.Headers[HtmxRequestHeaders.Keys.Target] == "results";
}
