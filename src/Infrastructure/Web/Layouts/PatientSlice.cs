using RazorSlices;

namespace PatientResponse.Infrastructure.Web.Layouts;

/// <summary>A page of the patients, in the language of the request: what it says of itself here, its layout shows.</summary>
public abstract class PatientSlice<T> : Slice<T>, IUsesLayout<PatientLayout, PatientFrame>
{
    protected abstract string Title { get; }

    protected virtual bool HasErrors => false;

    /// <summary>The practice's name, where it may be shown.</summary>
    protected virtual string? Practice => null;

    /// <summary>The id of the form that a change of language sends, so that nothing typed is lost.</summary>
    protected virtual string? LanguageForm => null;

    /// <summary>True where the page holds words that would be lost with it.</summary>
    protected virtual bool KeepsLanguage => false;

    PatientFrame IUsesLayout<PatientLayout, PatientFrame>.LayoutModel => new(Title, HasErrors, Practice, LanguageForm, KeepsLanguage);
}

/// <summary>A page of the patients that shows nothing but its own words.</summary>
public abstract class PatientSlice : RazorSlice, IUsesLayout<PatientLayout, PatientFrame>
{
    protected abstract string Title { get; }

    protected virtual bool HasErrors => false;

    PatientFrame IUsesLayout<PatientLayout, PatientFrame>.LayoutModel => new(Title, HasErrors, Practice: null, LanguageForm: null, KeepsLanguage: false);
}

/// <summary>What <c>PatientLayout.cshtml</c> is told of its page.</summary>
public sealed record PatientFrame(string Title, bool HasErrors, string? Practice, string? LanguageForm, bool KeepsLanguage);

/// <summary>What <c>Shell.cshtml</c>, the document around every page, is told of it.</summary>
/// <param name="Style">Its stylesheet: <c>staff</c> or <c>patient</c>.</param>
/// <param name="IsPart">The document is there already: only its title changes, and a part of it.</param>
public sealed record ShellFrame(string Title, bool HasErrors, string Style, string[] Scripts, bool IsPart = false);
