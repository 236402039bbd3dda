namespace PatientResponse.Infrastructure.Web;

/// <summary>Answers a POST that cannot be done with the page that it came from, as it is now, and the reason at its top.
/// The page is known by its endpoint's name; it reads the reason and answers 422.</summary>
public sealed class Refused(string endpointName, string reason) : IResult
{
    private static readonly object Key = new();

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Items[Key] = reason;
        var page = httpContext.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints
            .Single(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName == endpointName);
        return page.RequestDelegate!(httpContext);
    }

    /// <summary>Why the POST that this page answers was refused; null on an ordinary visit.</summary>
    public static string? ReasonIn(HttpContext context) => context.Items[Key] as string;
}
