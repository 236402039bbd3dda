using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features.SearchPatient;

public sealed class SearchPatientModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGroup("/patients").RequireAuthorization().MapGet("", SearchAsync);

    private static async Task<IResult> SearchAsync(string? q, string? dob, HttpContext context, IPatientDirectory patients, IDocumentSession session, IDatabase database)
    {
        var cancellation = context.RequestAborted;
        var clinician = context.Clinician();
        var query = PatientQuery.Parse(q, dob);
        var matches = await patients.SearchAsync(query, clinician, cancellation);
        var model = SearchPatientHandler.Handle(new(PlainText.Clean(q), PlainText.Clean(dob)), query, matches, await RecentPatients.OfAsync(clinician, database, patients, cancellation));
        var isLive = context.Request.Headers["HX-Target"] == "results";
        // Half-typed names that show nobody are no access to anybody's data.
        if (SearchPatientHandler.Audit(query, matches) is { } detail && (!isLive || model.Found.Count > 0))
        {
            session.Audit(clinician.Id, "searched for patients", clinician.PracticeId, detail);
            await session.SaveChangesAsync(cancellation);
        }
        if (isLive)
            return Page.Of<SearchPatientLive>(model);
        return Page.Of<SearchPatientPage, SearchPatientUpdate>(
            context.Request, model, model.Errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }
}
