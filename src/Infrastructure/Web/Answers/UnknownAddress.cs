using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Net.Http.Headers;
using PatientResponse.Infrastructure.Security;

namespace PatientResponse.Infrastructure.Web.Answers;

/// <summary>The answer where no route fits: a link that was damaged on its way is mended, a method that an address does not take
/// is refused (405), everything else is not found.</summary>
public static class UnknownAddress
{
    private const string Marker = "/r/";

    public static Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        var path = Uri.UnescapeDataString(request.Path.Value ?? "");
        if (isRead && path.Contains(Marker, StringComparison.OrdinalIgnoreCase) && LinkToken.TryParse(path, out var token))
            return new SeeOther(Marker + token.Value).ExecuteAsync(context);
        if (!isRead && MethodsOf(context) is { Count: > 0 } methods)
        {
            context.Response.Headers[HeaderNames.Allow] = string.Join(", ", methods);
            return Page.Of(ErrorPage.Create(), StatusCodes.Status405MethodNotAllowed).ExecuteAsync(context);
        }
        return Page.NotFound().ExecuteAsync(context);
    }

    private static IReadOnlyList<string> MethodsOf(HttpContext context) =>
        [.. (from route in context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
             where route.Order < int.MaxValue && route.Metadata.GetMetadata<IHttpMethodMetadata>() is { HttpMethods.Count: > 0 } && Fits(route.RoutePattern, context.Request.Path)
             from method in route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
             select method).Distinct().Order()];

    private static bool Fits(RoutePattern pattern, PathString path) =>
        new TemplateMatcher(new RouteTemplate(pattern), []).TryMatch(path, []);
}
