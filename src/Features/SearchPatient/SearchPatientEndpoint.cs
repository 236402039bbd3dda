using Carter;
using Htmx;
using Microsoft.AspNetCore.Mvc;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Features.SearchPatient;

public sealed class SearchPatientModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var patients = app.MapGroup("/patients").RequireAuthorization();
        patients.MapGet("", async (string? q, string? dob, string? search, string? open, [AsParameters] SearchDesk desk) =>
        {
            var (kept, recent) = await desk.OpenAsync(search);
            var model = await desk.SearchAsync(kept?.Q ?? q, kept?.Dob ?? dob, desk.Context.Request.IsLive(), recent);
            await desk.Session.SaveChangesAsync(desk.Context.RequestAborted);
            return open == Only && model.OnlyOne is { } only ? new SeeOther($"/patients/{only.Id}/message") : Show(desk.Context.Request, model with { IsOver = search is not null && kept is null });
        });
        patients.MapPost("", SearchAsync);
        patients.MapPost("/find", FindAsync);
    }

    /// <summary>Whoever is found alone is opened.</summary>
    private const string Only = "only";

    /// <summary>What was typed is not put into an address: those stay in the browser's history.</summary>
    private static async Task<IResult> SearchAsync(HttpRequest request, [AsParameters] SearchDesk desk)
    {
        var form = await request.FormOrEmptyAsync();
        var (q, dob) = (PlainText.Clean(form.Text("q")), PlainText.Clean(form.Text("dob")));
        var model = request.IsHtmx() ? await desk.SearchAsync(q, dob, request.IsLive(), (await desk.OpenAsync(null)).Recent) : null;
        var isWorthKeeping = model is null || !request.IsLive() || model.ShowsSomebody;
        var kept = isWorthKeeping ? KeptSearch.Begin(desk.Session, desk.Context, q, dob, desk.Time.GetUtcNow()) : null;
        await desk.Session.SaveChangesAsync(desk.Context.RequestAborted);
        if (model is null)
            return new SeeOther(AddressOf(kept!));
        if (kept is not null)
            desk.Context.Response.Htmx(htmx => _ = request.IsLive() ? htmx.ReplaceUrl(AddressOf(kept)) : htmx.PushUrl(AddressOf(kept)));
        return Show(request, model);
    }

    /// <summary>From the header of any page: Enter opens whoever is found alone, and the few that stand below the box follow the typing.</summary>
    private static async Task<IResult> FindAsync(HttpRequest request, [AsParameters] SearchDesk desk)
    {
        var q = PlainText.Clean((await request.FormOrEmptyAsync()).Text("find"));
        IResult answer = request.IsHtmx()
            ? Page.Of(FoundInHeader.Create(await desk.SearchAsync(q, null, isLive: true, desk.Recent.Known(desk.Context.Clinician()) ?? [])))
            : new SeeOther($"{AddressOf(KeptSearch.Begin(desk.Session, desk.Context, q, "", desk.Time.GetUtcNow()))}&open={Only}");
        await desk.Session.SaveChangesAsync(desk.Context.RequestAborted);
        return answer;
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
    HttpContext Context, [FromServices] IPatientDirectory Patients, [FromServices] IDocumentSession Session, [FromServices] RecentPatients Recent,
    [FromServices] TimeProvider Time)
{
    /// <summary>The search that the address names, and whom the clinician messaged lately.</summary>
    public async Task<(KeptSearch? Kept, IReadOnlyList<RecentPatients.Messaged> Recent)> OpenAsync(string? search)
    {
        if (search is null && Context.Request.IsLive() && Recent.Known(Context.Clinician()) is { } known)
            return (null, known);
        var reading = Session.Read();
        var (kept, recent) = (KeptSearch.Ask(reading, search), RecentPatients.Ask(reading, Context.Clinician()));
        await reading.AskAsync(Context.RequestAborted);
        Recent.Keep(Context.Clinician(), recent.Value);
        return (KeptSearch.Good(kept?.Value, Context, Time.GetUtcNow()), recent.Value);
    }

    /// <summary>Searches, and puts on record that it did; the caller saves.</summary>
    public async Task<SearchPatientModel> SearchAsync(string? q, string? dob, bool isLive, IReadOnlyList<RecentPatients.Messaged> messaged)
    {
        var (clinician, cancellation) = (Context.Clinician(), Context.RequestAborted);
        var query = PatientQuery.Parse(q, dob);
        var (found, known) = await Patients.SearchAsync(query, [.. messaged.Select(last => last.Patient)], clinician, cancellation);
        var byId = known.ToDictionary(patient => patient.Id);
        IReadOnlyList<RecentPatient> recent = [.. messaged.Where(last => byId.ContainsKey(last.Patient)).Select(last => new RecentPatient(byId[last.Patient], Instant.From(last.At)))];
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
