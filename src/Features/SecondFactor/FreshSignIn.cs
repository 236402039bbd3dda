using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Access;
using PatientResponse.Infrastructure.Web.Answers;

namespace PatientResponse.Features.SecondFactor;

/// <summary>Whoever changes a factor has signed in, or given the password again, within five minutes: an unlocked desk is not enough.</summary>
/// <remarks>Codes that nobody has noted down yet come before any other of these pages.</remarks>
public sealed class FreshSignIn(TimeProvider time, IDocumentSession documents) : IEndpointFilter
{
    /// <summary>The answer to whoever was signed out while the request was on its way.</summary>
    public static IResult SignInAgain() => new SeeOther(ReturnUrl.SignIn(SecondFactorFirst.SetUp));

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.StaffSession().IsFresh(time.GetUtcNow()))
            return await HasUnreadCodesAsync(http) ? new SeeOther(UnreadCodes.Address) : await next(context);
        // Back to the page of the part that was posted to: /account/passkeys for /account/passkeys/remove.
        var page = string.Join('/', http.Request.Path.Value!.Split('/').Take(3));
        return new SeeOther("/account/confirm?returnUrl=" + Uri.EscapeDataString(page));
    }

    private async Task<bool> HasUnreadCodesAsync(HttpContext http) =>
        (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)) && http.Request.Path != UnreadCodes.Address && http.Clinician().Factors.Any
        && (await UnreadCodes.OfAsync(documents, http.Clinician(), time.GetUtcNow(), http.RequestAborted)).Count > 0;
}
