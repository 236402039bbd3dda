using RazorSlices;

namespace PatientResponse.Infrastructure.Web.Answers;

/// <summary>Answers with a slice: <c>Page.Of(HomePage.Create(model))</c>.</summary>
public static class Page
{
    public static SliceResult Of(RazorSlice slice, int status = StatusCodes.Status200OK) => new(slice, status);

    public static SliceResult NotFound() => Of(NotFoundPage.Create(), StatusCodes.Status404NotFound);
}
