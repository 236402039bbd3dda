using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Options;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Web.Answers;

namespace PatientResponse.Infrastructure.Web.Forms;

/// <summary>Says how a route is guarded when it is not by the antiforgery token in an ordinary form.</summary>
/// <param name="How">For the reader, and for the test that lists every unsafe route.</param>
public sealed record GuardedOtherwise(string How);

/// <summary>Unsafe methods need a valid antiforgery token; without one, what was typed is shown back and nothing happens.</summary>
public sealed class AntiforgeryFilter(IAntiforgery antiforgery, IOptions<AntiforgeryOptions> options) : IEndpointFilter
{
    private static readonly string[] NeverShown = ["password", "current", "again", "code", "key", "credential", "__RequestVerificationToken"];

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
            return await next(context);
        var otherwise = http.GetEndpoint()?.Metadata.GetMetadata<GuardedOtherwise>();
        if (otherwise is null && !await IsFromOurFormAsync(http))
            return Page.Of(StaleFormPage.Create(new StaleForm(http.Request.Path, await TypedAsync(http.Request), IsCrossSite(http.Request), HasNoCookies(http))), StatusCodes.Status400BadRequest);
        if (otherwise is not null && IsCrossSite(http.Request))
            return Page.Of(CrossSitePage.Create(), StatusCodes.Status403Forbidden);
        return await next(context);
    }

    private async Task<bool> IsFromOurFormAsync(HttpContext http)
    {
        try
        {
            return await antiforgery.IsRequestValidAsync(http);
        }
        catch (AntiforgeryValidationException)
        {
            // The form cannot be read at all.
            return false;
        }
    }

    /// <summary>Our pages set a cookie for their forms. One that did not come back, nor any sign-in, was not kept.</summary>
    private bool HasNoCookies(HttpContext http) =>
        !http.Request.Cookies.ContainsKey(options.Value.Cookie.Name!) && http.SignedInClinician() is null;

    /// <summary>What the browser itself says about where a request came from; older browsers say nothing. Another host of our own domain
    /// is another site to us.</summary>
    public static bool IsCrossSite(HttpRequest request) => request.Headers["Sec-Fetch-Site"] is [("cross-site" or "same-site")];

    private static async Task<IReadOnlyList<(string Name, string Value)>> TypedAsync(HttpRequest request) =>
        [.. (await request.FormOrEmptyAsync()).Where(field => !NeverShown.Contains(field.Key)).SelectMany(field => field.Value.Select(value => (field.Key, value ?? "")))];
}

/// <param name="Foreign">Sent by another site: it is not offered again.</param>
/// <param name="HasNoCookies">Nor did the browser send any cookie of ours: it seems to keep none.</param>
public sealed record StaleForm(string Action, IReadOnlyList<(string Name, string Value)> Typed, bool Foreign, bool HasNoCookies);
