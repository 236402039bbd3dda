using System.IO.Pipelines;
using PatientResponse.Infrastructure.Text;
using RazorSlices;

namespace PatientResponse.Infrastructure.Web.Answers;

/// <summary>Renders a slice whole, then sends it. The package's own result sends while it renders: then a slice can set no cookie or
/// header any more, and half a page is all that is left of one that fails.</summary>
public sealed class SliceResult(RazorSlice slice, int status) : IResult, IStatusCodeHttpResult
{
    private const int UsualSize = 32 * 1024;

    public int? StatusCode => status;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        slice.HttpContext = httpContext;
        // For whoever watches which pages there are answers of.
        httpContext.Features.Set(slice);
        using var page = new MemoryStream(UsualSize);
        var pipe = PipeWriter.Create(page, new(leaveOpen: true));
        await slice.RenderAsync(pipe, HtmlText.Encoder, httpContext.RequestAborted);
        await pipe.CompleteAsync();
        var response = httpContext.Response;
        (response.StatusCode, response.ContentType) = (status, "text/html; charset=utf-8");
        await response.Body.WriteAsync(page.GetBuffer().AsMemory(0, (int)page.Length), httpContext.RequestAborted);
    }
}
