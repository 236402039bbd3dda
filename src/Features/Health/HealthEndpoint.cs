using Carter;
using PatientResponse.Infrastructure.Web.Serving;

namespace PatientResponse.Features.Health;

/// <summary>For load balancers: <c>live</c> says that the process answers, <c>ready</c> that it can do its work, or which part
/// of it cannot. A process that is about to stop is not ready.</summary>
public sealed class HealthModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => Results.Text("live"));
        app.MapGet("/health/ready", ReadyAsync);
    }

    private static async Task<IResult> ReadyAsync(Readiness readiness) => await readiness.MissingAsync() is { Count: > 0 } missing
        ? Results.Text($"not ready: {string.Join(", ", missing)}", statusCode: StatusCodes.Status503ServiceUnavailable)
        : Results.Text("ready");
}
