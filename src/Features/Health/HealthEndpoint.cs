using Carter;
using PatientResponse.Infrastructure.Web.Serving;

namespace PatientResponse.Features.Health;

/// <summary>For load balancers, among all other pages. <see cref="HealthPort"/> answers the same apart from them.</summary>
public sealed class HealthModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet(HealthAnswer.LivePath, () => Answer(HealthAnswer.Live));
        app.MapGet(HealthAnswer.ReadyPath, async (Readiness readiness) => Answer(await HealthAnswer.ReadyAsync(readiness)));
    }

    private static IResult Answer(HealthAnswer answer) => Results.Text(answer.Words, statusCode: answer.Status);
}
