using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace PatientResponse.Infrastructure.Web;

/// <summary>Renders a component as the whole answer.</summary>
public static class Page
{
    public static RazorComponentResult Of<TComponent>(object model, int status = StatusCodes.Status200OK) where TComponent : IComponent =>
        new RazorComponentResult<TComponent>(new { Model = model }) { StatusCode = status, PreventStreamingRendering = true };

    public static RazorComponentResult Of<TComponent>(int status = StatusCodes.Status200OK) where TComponent : IComponent =>
        new RazorComponentResult<TComponent> { StatusCode = status, PreventStreamingRendering = true };

    /// <summary>The page for a browser, the partial for htmx: the same handler serves both.</summary>
    public static RazorComponentResult Of<TPage, TPartial>(HttpRequest request, object model, int status = StatusCodes.Status200OK)
        where TPage : IComponent where TPartial : IComponent =>
        request.IsHtmx() ? Of<TPartial>(model, status) : Of<TPage>(model, status);

    public static RazorComponentResult NotFound() => Of<NotFoundPage>(StatusCodes.Status404NotFound);
}
