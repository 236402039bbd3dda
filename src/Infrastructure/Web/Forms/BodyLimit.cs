using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using PatientResponse.Infrastructure.Web.Answers;

namespace PatientResponse.Infrastructure.Web.Forms;

/// <summary>Forms of words are small; a route that takes files has a limit of its own. What is too large is read to its end and
/// dropped, up to a point, because a browser listens for the answer only when it has sent everything.</summary>
public static class BodyLimit
{
    /// <summary>In bytes.</summary>
    public const long Default = 1024 * 1024;

    /// <summary>Of one form of words; ours have twenty at most.</summary>
    public const int MostFields = 200;

    private const long MaxDrained = 20 * Default;

    public static IApplicationBuilder UseBodyLimit(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.Request.ContentLength is not (> Default and <= MaxDrained)
            || context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is not null
            || context.Features.Get<IHttpMaxRequestBodySizeFeature>() is not { IsReadOnly: false } limit)
        {
            await next(context);
            return;
        }
        limit.MaxRequestBodySize = MaxDrained;
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        await Page.Of(TooLongPage.Create(), StatusCodes.Status413PayloadTooLarge).ExecuteAsync(context);
    });
}
