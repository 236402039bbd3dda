using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Net.Http.Headers;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Web.Requests;

/// <summary>HEAD answers as GET would, without the body (RFC 9110, section 9.3.2). It shows nothing, so it leaves nothing behind:
/// no view on record, no longer session, no cookie.</summary>
public static class HeadRequests
{
    public static IApplicationBuilder UseHeadRequests(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (!HttpMethods.IsHead(context.Request.Method))
            return next(context);
        context.Response.Body = Stream.Null;
        context.Response.OnStarting(() =>
        {
            context.Response.Headers.Remove(HeaderNames.SetCookie);
            return Task.CompletedTask;
        });
        context.RequestServices.GetRequiredService<IDocumentSession>().KeepNothing();
        return next(context);
    });

    /// <summary>After routing. The framework's own answer for a stylesheet or script leaves out how long it is.</summary>
    public static IApplicationBuilder UseHeadsOfAssets(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var method = context.Request.Method;
        if (HttpMethods.IsHead(method) && context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null)
            context.Request.Method = HttpMethods.Get;
        await next(context);
        context.Request.Method = method;
    });

    /// <summary>Every route that GET opens.</summary>
    public static TBuilder AnswerHead<TBuilder>(this TBuilder routes) where TBuilder : IEndpointConventionBuilder
    {
        routes.Finally(route =>
        {
            if (route.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods is [var only] && HttpMethods.IsGet(only))
                route.Metadata.Add(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
        });
        return routes;
    }
}
