using PatientResponse.Infrastructure.Files;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features.Health;

/// <summary>For load balancers: <c>live</c> says that the process answers, <c>ready</c> that it can do its work.</summary>
public sealed class HealthModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => "live");
        app.MapGet("/health/ready", ReadyAsync);
    }

    private static async Task<IResult> ReadyAsync(IDatabase database, IFileStore store, CancellationToken cancellation)
    {
        try
        {
            await database.QueryAsync<long>("select max(version) from schema_versions", null, cancellation);
            await foreach (var _ in store.ListAsync(BlobName.ErasedFolder, cancellation))
                break;
            return Results.Text("ready");
        }
        catch (Exception e) when (Failures.IsOutage(e))
        {
            return Results.Text("not ready", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
