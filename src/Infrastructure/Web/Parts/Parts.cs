using PatientResponse.Infrastructure.Patients;

namespace PatientResponse.Infrastructure.Web.Parts;

/// <summary>Of <c>TextField.cshtml</c>.</summary>
public sealed record TextInput(
    string Id, string Label, string? Value, string? Error, string? Hint, string Type, string Autocomplete, string? InputMode, string Width);

/// <summary>Whose record a page shows.</summary>
/// <param name="Warning">What to know before messaging this patient.</param>
public sealed record PatientIdentity(string Name, DateOnly DateOfBirth, NhsNumber NhsNumber, bool IsTest, string? Warning = null)
{
    /// <summary>The patient's own page; null on it.</summary>
    public string? Page { get; init; }
}

/// <param name="Id">Of a form that is sent to keep what is in it when the language changes; without one a link changes it.</param>
public sealed record LanguageForm(string? Id);

/// <param name="Advice">What to do with it.</param>
public sealed record WrittenText(string Text, string Advice);
