using System.Text.Json;
using Htmx;
using PatientResponse.Infrastructure.Web.Layouts;

namespace PatientResponse.Infrastructure.Web.Answers;

/// <summary>303: after a POST the browser fetches a page that may be reloaded. The desk changes its right part only, where a conversation follows.</summary>
public sealed class SeeOther(string location) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (httpContext.Request.IsForDesk() && location.StartsWith("/conversations/", StringComparison.Ordinal))
            httpContext.Response.Headers["HX-Location"] = JsonSerializer.Serialize(new { path = location, target = "#" + DeskRequest.Open });
        else if (httpContext.Request.IsHtmx())
            httpContext.Response.Htmx(htmx => htmx.Redirect(location));
        else
            (httpContext.Response.StatusCode, httpContext.Response.Headers.Location) = (StatusCodes.Status303SeeOther, location);
        return Task.CompletedTask;
    }
}
