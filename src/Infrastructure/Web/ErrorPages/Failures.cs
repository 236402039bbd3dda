using System.Data.Common;
using System.Net.Sockets;
using Htmx;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Access;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Infrastructure.Web.ErrorPages;

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
            else if (e is DamagedException damaged)
                logger.LogError("{Method} {Route}: {What} cannot be read", context.Request.Method, route, damaged.What);
            // The message of an exception may quote what a person typed; where it was thrown does not.
            else
                logger.LogError("{Method} {Route} failed with {Exception}\n{Stack}", context.Request.Method, route, e.GetType().FullName, e.StackTrace);
            if (IsForgottenProxy(e, context))
                logger.LogError("The request came over http, and people use https. Behind a TLS proxy set Proxy:KnownNetworks to the proxy's network, so that its X-Forwarded-Proto is believed.");
            context.Response.Clear();
            if (context.GetEndpoint()?.Metadata.GetMetadata<PartOfPage>() is not null && context.Request.IsHtmx())
                context.Response.Htmx(htmx => htmx.Reswap("none"));
            await AnswerAsync(e, context, logger);
        }
    });

    /// <summary>The page itself may fail: then the words, or the status alone, are better than what the server would say and log.</summary>
    private static async Task AnswerAsync(Exception e, HttpContext context, ILogger logger)
    {
        try
        {
            await (await AnswerAsync(e, context)).ExecuteAsync(context);
        }
        catch (Exception second) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            logger.LogError("The page of a failure failed with {Exception}\n{Stack}", second.GetType().FullName, second.StackTrace);
            context.Response.Clear();
            context.Response.StatusCode = StatusOf(e, context);
            if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
                await PlainAsync(context);
        }
    }

    /// <summary>Nothing works any more but this: what was typed, to be copied.</summary>
    private static async Task PlainAsync(HttpContext context)
    {
        var words = context.Features.Get<ShownBack>() is { } own ? own.Words() : (await SentFormAsync(context.Request)).Words;
        if (string.IsNullOrWhiteSpace(words))
            return;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync($"This was not saved. Copy it, go back and try again in a few minutes:\n\n{words}\n");
    }

    private static async Task<IResult> AnswerAsync(Exception e, HttpContext context)
    {
        var status = StatusOf(e, context);
        if (context.Features.Get<ShownBack>() is { } own)
            return own.Answer(status);
        if (status < StatusCodes.Status500InternalServerError)
            return Page.Of(status == StatusCodes.Status413PayloadTooLarge ? TooLongPage.Create() : ErrorPage.Create(), status);
        var sent = await SentFormAsync(context.Request);
        if (e is DamagedException damaged && context.SignedInClinician() is not null)
            return Page.Of(UnreadablePage.Create(new Unreadable(damaged.What, sent.Words)), status);
        return sent.IsEmpty && status == StatusCodes.Status500InternalServerError
            ? Page.Of(ErrorPage.Create(), status)
            : Page.Of(UnavailablePage.Create(new Unavailable(sent, status)), status);
    }

    private static int StatusOf(Exception e, HttpContext context) => e switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        InvalidDataException => StatusCodes.Status400BadRequest,
        _ when IsOutage(e) => StatusCodes.Status503ServiceUnavailable,
        _ when IsForgottenProxy(e, context) => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status500InternalServerError,
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
    public static bool IsOutage(Exception e) => e is DbException or SocketException or (IOException and not BadHttpRequestException) or ConcurrencyException or UnclearSaveException or TimeoutException;
}

/// <param name="What">For whoever runs the installation.</param>
/// <param name="Text">What was typed.</param>
public sealed record Unreadable(string What, string Text);
