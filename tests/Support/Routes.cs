using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace PatientResponse.Tests.Support;

/// <summary>Every route that the product has.</summary>
public static class Routes
{
    public static IReadOnlyList<RouteEndpoint> Of(TestApp app) =>
        [.. app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    /// <summary>The methods that a route names; none where it takes any.</summary>
    public static IReadOnlyList<string> Methods(RouteEndpoint route) => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [];

    public static bool Allows(RouteEndpoint route, string method) => Methods(route) is var methods && (methods.Count == 0 || methods.Contains(method));

    /// <summary>An address that the route takes, with made-up values.</summary>
    public static string Address(RouteEndpoint route) => "/" + string.Join('/', route.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(Value))));

    private static string Value(RoutePatternPart part) => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart { ParameterPolicies: var policies } => policies.Select(policy => policy.Content).FirstOrDefault() switch
        {
            "guid" => "0123456789abcdef0123456789abcdef",
            "int" or "long" => "1",
            _ => "made-up",
        },
        _ => "",
    };
}
