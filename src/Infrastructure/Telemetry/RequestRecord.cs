using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.StaticAssets;

namespace PatientResponse.Infrastructure.Telemetry;

/// <summary>One line of log and one span for a request, by its route: the address itself holds tokens and what was searched for.</summary>
public static class RequestRecord
{
    private static readonly HashSet<string> Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];

    public static IApplicationBuilder UseRequestRecord(this IApplicationBuilder app)
    {
        var logger = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("PatientResponse.Requests");
        var time = app.ApplicationServices.GetRequiredService<TimeProvider>();
        return app.Use(async (context, next) =>
        {
            var began = time.GetTimestamp();
            try
            {
                await next(context);
            }
            finally
            {
                // What routing found; a failure's page keeps it.
                var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";
                // A client may write anything there.
                var method = Methods.Contains(context.Request.Method) ? context.Request.Method : "_OTHER";
                var status = context.RequestAborted.IsCancellationRequested ? StatusCodes.Status499ClientClosedRequest : context.Response.StatusCode;
                if (context.Features.Get<IHttpActivityFeature>()?.Activity is { } activity)
                    activity.SetTag("http.request.method", method).SetTag("http.route", route).SetTag("http.response.status_code", status);
                logger.Log(IsRoutine(context, route) ? LogLevel.Debug : LogLevel.Information, "{Method} {Route} {Status} in {Milliseconds} ms",
                    method, route, status, (long)time.GetElapsedTime(began).TotalMilliseconds);
            }
        });
    }

    private static bool IsRoutine(HttpContext context, string route) =>
        context.Response.StatusCode < 400 && (route.StartsWith("/health/", StringComparison.Ordinal) || context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null);
}
