using Htmx;
using Microsoft.AspNetCore.Authorization;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Infrastructure.Web.Access;

/// <summary>Marks a clinician's route that is open although the practice requires a second factor and the person has none.</summary>
public sealed class OpenWithoutSecondFactor;

/// <summary>Where a practice requires a second factor, whoever has none is led to set one up before anything else.</summary>
public static class SecondFactorFirst
{
    public const string SetUp = "/account/second-factor";

    public static IApplicationBuilder UseSecondFactorFirst(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (await MayPassAsync(context))
            await next(context);
        else if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            await new SeeOther(SetUp).ExecuteAsync(context);
        else
            await NothingWasDoneAsync(context);
    });

    private static async Task<bool> MayPassAsync(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (context.SignedInClinician() is not { Factors.Any: false }
            || metadata?.GetMetadata<IAuthorizeData>() is null || metadata.GetMetadata<OpenWithoutSecondFactor>() is not null)
            return true;
        var documents = context.RequestServices.GetRequiredService<IDocumentSession>();
        return !context.RequestServices.GetRequiredService<InstallationRules>()
            .RequiresSecondFactorOf(await documents.PracticeAsync(context));
    }

    /// <summary>What was typed is shown back to be copied.</summary>
    private static async Task NothingWasDoneAsync(HttpContext context)
    {
        var request = context.Request;
        var text = AntiforgeryFilter.IsCrossSite(request) ? "" : (await request.FormOrEmptyAsync()).Text("text");
        if (request.IsHtmx())
            context.Response.Htmx(htmx => htmx.Retarget("body").Reswap("innerHTML"));
        await Page.Of(SecondFactorFirstPage.Create(text), StatusCodes.Status403Forbidden).ExecuteAsync(context);
    }
}
