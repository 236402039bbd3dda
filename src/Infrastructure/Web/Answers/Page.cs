using RazorSlices;

namespace PatientResponse.Infrastructure.Web.Answers;

/// <summary>Answers with a slice: <c>Page.Of(HomePage.Create(model))</c>.</summary>
public static class Page
{
    public static SliceResult Of(RazorSlice slice, int status = StatusCodes.Status200OK) => new(slice, status);

    /// <summary>For whoever follows another's link to a conversation, and the same for one that there is not.</summary>
    public static SliceResult Colleagues() => Of(ColleaguesPage.Create(), StatusCodes.Status404NotFound);

    public static SliceResult NotFound() => Of(NotFoundPage.Create(), StatusCodes.Status404NotFound);
}
