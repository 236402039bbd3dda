using Htmx;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing.Patterns;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Infrastructure.Web.Access;

/// <summary>The answer to a request that needs sign-in and has none, perhaps because the session ended meanwhile.</summary>
public static class SignInFirst
{
    public static Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            return NothingWasSentAsync(context);
        if (!request.IsHtmx())
        {
            context.Response.Redirect(ReturnUrl.SignIn(request.GetEncodedPathAndQuery()));
            return Task.CompletedTask;
        }
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Htmx(htmx => htmx.Redirect(ReturnUrl.SignIn(PageOf(request))));
        return Task.CompletedTask;
    }

    /// <summary>What was typed is shown back to be copied; it is neither kept nor acted on.</summary>
    private static async Task NothingWasSentAsync(HttpContext context)
    {
        var request = context.Request;
        var text = AntiforgeryFilter.IsCrossSite(request) ? "" : (await request.FormOrEmptyAsync()).Text("text");
        if (request.IsHtmx())
            context.Response.Htmx(htmx => htmx.Retarget("body").Reswap("innerHTML"));
        var back = HasPage(context) ? request.GetEncodedPathAndQuery() : ReturnUrl.Default;
        await Page.Of(SignedOutPage.Create(new SignedOut(text, ReturnUrl.SignIn(back))), StatusCodes.Status400BadRequest).ExecuteAsync(context);
    }

    /// <summary>Partials are no pages: htmx says which page they were fetched for.</summary>
    private static string PageOf(HttpRequest request) =>
        Uri.TryCreate(request.Headers[HtmxRequestHeaders.Keys.CurrentUrl], UriKind.Absolute, out var page) ? page.PathAndQuery : request.GetEncodedPathAndQuery();

    /// <summary>Whether the address that was posted to can also be opened.</summary>
    private static bool HasPage(HttpContext context) =>
        Pattern(context.GetEndpoint()) is { } pattern && context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.Any(endpoint =>
            Pattern(endpoint)?.RawText == pattern.RawText
            && endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Get) == true);

    private static RoutePattern? Pattern(Endpoint? endpoint) => (endpoint as RouteEndpoint)?.RoutePattern;
}
