using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features.SecondFactor;

/// <summary>Whoever changes a factor has signed in, or given the password again, within five minutes: an unlocked desk is not enough.</summary>
public sealed class FreshSignIn(TimeProvider time) : IEndpointFilter
{
    /// <summary>The answer to whoever was signed out while the request was on its way.</summary>
    public static IResult SignInAgain() => new SeeOther(ReturnUrl.SignIn(SecondFactorFirst.SetUp));

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.StaffSession().IsFresh(time.GetUtcNow()))
            return await next(context);
        // Back to the page of the part that was posted to: /account/passkeys for /account/passkeys/remove.
        var page = string.Join('/', http.Request.Path.Value!.Split('/').Take(3));
        return new SeeOther("/account/confirm?returnUrl=" + Uri.EscapeDataString(page));
    }
}
