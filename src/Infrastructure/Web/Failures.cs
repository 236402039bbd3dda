using System.Data.Common;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Web;

/// <summary>What a person sees when something breaks: 503 where trying again helps, otherwise 500. The log gets no personal data.</summary>
public static class Failures
{
    public static IApplicationBuilder UseFailures(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var logger = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("PatientResponse.Failures");
            // The message of an exception may quote what a person typed; where it was thrown does not.
            logger.LogError("{Method} {Route} failed with {Exception}\n{Stack}", context.Request.Method,
                (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText, e.GetType().FullName, e.StackTrace);
            context.Response.Clear();
            await (IsOutage(e) ? Page.Of<UnavailablePage>(StatusCodes.Status503ServiceUnavailable)
                : e is BadHttpRequestException bad ? Page.Of<ErrorPage>(bad.StatusCode)
                : e is InvalidDataException ? Page.Of<ErrorPage>(StatusCodes.Status400BadRequest)
                : Page.Of<ErrorPage>(StatusCodes.Status500InternalServerError)).ExecuteAsync(context);
        }
    });

    /// <summary>Something that we depend on is away; the same request may succeed later.</summary>
    public static bool IsOutage(Exception e) => e is DbException or (IOException and not BadHttpRequestException) or ConcurrencyException or TimeoutException;
}
