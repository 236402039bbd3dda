using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Web.Answers;

namespace PatientResponse.Infrastructure.Web.Forms;

/// <summary>Forms of words are small, and those of strangers smaller: what a form costs grows with it. A route that takes files has a limit
/// of its own. What is too large is read to its end and dropped, up to a point, because a browser listens for the answer only when it
/// has sent everything.</summary>
public static class BodyLimit
{
    /// <summary>In bytes.</summary>
    public const long Default = 1024 * 1024;

    /// <summary>In bytes, from somebody who is neither signed in nor ever gave a date of birth here. It holds 5,000 characters of any script.</summary>
    public const long OfStrangers = 64 * 1024;

    /// <summary>Of one form of words; ours have twenty at most.</summary>
    public const int MostFields = 200;

    private const long MaxDrained = 20 * Default;

    /// <summary>In bytes. Each megabyte that is only read and dropped takes 3 ms of the processor.</summary>
    private const long MaxDrainedOfStrangers = 4 * OfStrangers;

    /// <summary>After it is known who asks.</summary>
    public static IApplicationBuilder UseBodyLimit(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is not null
            || context.Features.Get<IHttpMaxRequestBodySizeFeature>() is not { IsReadOnly: false } limit)
        {
            await next(context);
            return;
        }
        var (most, drained) = IsStranger(context) ? (OfStrangers, MaxDrainedOfStrangers) : (Default, MaxDrained);
        limit.MaxRequestBodySize = most;
        if (context.Request.ContentLength is not { } length || length <= most || length > drained)
        {
            await next(context);
            return;
        }
        limit.MaxRequestBodySize = drained;
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        await Page.Of(TooLongPage.Create(), StatusCodes.Status413PayloadTooLarge).ExecuteAsync(context);
    });

    private static bool IsStranger(HttpContext context) =>
        context.SignedInClinician() is null && !context.RequestServices.GetRequiredService<PatientSessions>().IsKnown(context);
}
