using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing.Patterns;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Infrastructure.Security;

/// <summary>The answer to a request that needs sign-in and has none, perhaps because the session ended meanwhile.</summary>
public static class SignInFirst
{
    public static Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            return NothingWasSentAsync(context);
        if (request.IsHtmx())
            (context.Response.StatusCode, context.Response.Headers["HX-Redirect"]) = (StatusCodes.Status401Unauthorized, ReturnUrl.SignIn(PageOf(request)));
        else
            context.Response.Redirect(ReturnUrl.SignIn(request.GetEncodedPathAndQuery()));
        return Task.CompletedTask;
    }

    /// <summary>What was typed is shown back to be copied; it is neither kept nor acted on.</summary>
    private static async Task NothingWasSentAsync(HttpContext context)
    {
        var request = context.Request;
        var text = AntiforgeryFilter.IsCrossSite(request) ? "" : (await request.FormOrEmptyAsync()).Text("text");
        if (request.IsHtmx())
            (context.Response.Headers["HX-Retarget"], context.Response.Headers["HX-Reswap"]) = ("body", "innerHTML");
        var back = HasPage(context) ? request.GetEncodedPathAndQuery() : ReturnUrl.Default;
        await Page.Of<SignedOutPage>(new SignedOut(text, ReturnUrl.SignIn(back)), StatusCodes.Status400BadRequest).ExecuteAsync(context);
    }

    /// <summary>Partials are no pages: htmx says which page they were fetched for.</summary>
    private static string PageOf(HttpRequest request) =>
        Uri.TryCreate(request.Headers["HX-Current-URL"], UriKind.Absolute, out var page) ? page.PathAndQuery : request.GetEncodedPathAndQuery();

    /// <summary>Whether the address that was posted to can also be opened.</summary>
    private static bool HasPage(HttpContext context) =>
        Pattern(context.GetEndpoint()) is { } pattern && context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.Any(endpoint =>
            Pattern(endpoint)?.RawText == pattern.RawText
            && endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Get) == true);

    private static RoutePattern? Pattern(Endpoint? endpoint) => (endpoint as RouteEndpoint)?.RoutePattern;
}
