using System.Data.Common;
using PatientResponse.Infrastructure.Security;
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
        catch (RequirementLostException) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            StaffSessions.Forget(context);
            await SignInFirst.AnswerAsync(context);
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var logger = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("PatientResponse.Failures");
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
            // Anybody may send what no browser sends: not our failure, and nothing to wake somebody for.
            if (e is BadHttpRequestException or InvalidDataException)
                logger.LogInformation("{Method} {Route} cannot be read: {Exception}", context.Request.Method, route, e.GetType().FullName);
            // The message of an exception may quote what a person typed; where it was thrown does not.
            else
                logger.LogError("{Method} {Route} failed with {Exception}\n{Stack}", context.Request.Method, route, e.GetType().FullName, e.StackTrace);
            if (IsForgottenProxy(e, context))
                logger.LogError("The request came over http, and people use https. Behind a TLS proxy set Proxy:KnownNetworks to the proxy's network, so that its X-Forwarded-Proto is believed.");
            context.Response.Clear();
            await (await AnswerAsync(e, context)).ExecuteAsync(context);
        }
    });

    private static async Task<IResult> AnswerAsync(Exception e, HttpContext context) => e switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Page.Of(TooLongPage.Create(), StatusCodes.Status413PayloadTooLarge),
        BadHttpRequestException bad => Page.Of(ErrorPage.Create(), bad.StatusCode),
        InvalidDataException => Page.Of(ErrorPage.Create(), StatusCodes.Status400BadRequest),
        _ when IsOutage(e) => Page.Of(UnavailablePage.Create(await SentFormAsync(context.Request)), StatusCodes.Status503ServiceUnavailable),
        _ when IsForgottenProxy(e, context) => Page.Of(ErrorPage.Create(), StatusCodes.Status400BadRequest),
        _ => Page.Of(ErrorPage.Create(), StatusCodes.Status500InternalServerError),
    };

    /// <summary>Antiforgery refuses to work over http outside Development.</summary>
    private static bool IsForgottenProxy(Exception e, HttpContext context) =>
        e is InvalidOperationException && !context.Request.IsHttps && !context.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment();

    private static async Task<SentForm> SentFormAsync(HttpRequest request)
    {
        try
        {
            return await SentForm.OfAsync(request);
        }
        catch (IOException)
        {
            // The rest of it never arrived.
            return new(request.Path, []);
        }
    }

    /// <summary>Something that we depend on is away; the same request may succeed later.</summary>
    public static bool IsOutage(Exception e) => e is DbException or (IOException and not BadHttpRequestException) or ConcurrencyException or TimeoutException;
}
