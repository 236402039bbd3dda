using Htmx;

namespace PatientResponse.Infrastructure.Web.Answers;

/// <summary>303: after a POST the browser fetches a page that may be reloaded.</summary>
public sealed class SeeOther(string location) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (httpContext.Request.IsHtmx())
            httpContext.Response.Htmx(htmx => htmx.Redirect(location));
        else
            (httpContext.Response.StatusCode, httpContext.Response.Headers.Location) = (StatusCodes.Status303SeeOther, location);
        return Task.CompletedTask;
    }
}
