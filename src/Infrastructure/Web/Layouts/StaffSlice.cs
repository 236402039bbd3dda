using PatientResponse.Infrastructure.Web.Parts;
using RazorSlices;

namespace PatientResponse.Infrastructure.Web.Layouts;

/// <summary>A page of the clinicians: what it says of itself here, its layout shows.</summary>
public abstract class StaffSlice<T> : Slice<T>, IUsesLayout<StaffLayout, StaffFrame>
{
    protected abstract string Title { get; }

    protected virtual bool HasErrors => false;

    /// <summary>Which part of the navigation the page belongs to.</summary>
    protected virtual string Section => "";

    /// <summary>Files of wwwroot/lib. <c>htmx.js</c> brings its settings along.</summary>
    protected virtual string[] Scripts => [];

    /// <summary>Stays in view above the page.</summary>
    protected virtual PatientIdentity? Banner => null;

    /// <summary>The page fills the window beside a list, where there is room for both. Fetched for the desk's right part
    /// (<see cref="DeskRequest"/>), it is nothing but what stands there.</summary>
    protected virtual bool IsDesk => false;

    /// <summary>The list on the left of a desk; null for a page that is the list, or where the desk is there already.</summary>
    protected virtual RazorSlice? Beside => null;

    StaffFrame IUsesLayout<StaffLayout, StaffFrame>.LayoutModel => new(Title, HasErrors, Section, Scripts, Banner, IsDesk, Beside);
}

/// <summary>A page of the clinicians that shows nothing but its own words.</summary>
public abstract class StaffSlice : RazorSlice, IUsesLayout<StaffLayout, StaffFrame>
{
    protected abstract string Title { get; }

    StaffFrame IUsesLayout<StaffLayout, StaffFrame>.LayoutModel => new(Title, HasErrors: false, Section: "", Scripts: [], Banner: null);
}

/// <summary>What <c>StaffLayout.cshtml</c> is told of its page.</summary>
public sealed record StaffFrame(
    string Title, bool HasErrors, string Section, string[] Scripts, PatientIdentity? Banner, bool IsDesk = false, RazorSlice? Beside = null);
