using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Infrastructure.Web.Answers;

/// <summary>Answers a POST that cannot be done with the page that it came from, as it is now, and the reason at its top.
/// The page is known by its endpoint's name; it reads the reason and answers 422.</summary>
/// <param name="field">The id of the field that the reason stands beside; null when it is about no field.</param>
public sealed class Refused(string endpointName, string reason, string? field = null) : IResult
{
    private static readonly object Key = new();

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Items[Key] = new FieldError(field ?? "", reason);
        var page = httpContext.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints
            .Single(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName == endpointName);
        return page.RequestDelegate!(httpContext);
    }

    /// <summary>Why the POST that this page answers was refused, with its field, whose id is empty when it is about none; null on an
    /// ordinary visit.</summary>
    public static FieldError? ErrorIn(HttpContext context) => context.Items[Key] as FieldError;
}
