using PatientResponse.Features.Composing;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.Templates;

/// <summary>A template that is being written.</summary>
/// <param name="PracticeName">Of the practice that shares it; null when it is the clinician's own.</param>
/// <param name="Sms">The whole SMS for a made-up patient.</param>
public sealed record TemplateForm(SaveTemplate Typed, bool IsNew, string? PracticeName, string Sms, SmsHints Hints, IReadOnlyList<FieldError> Errors)
{
    /// <summary>"Replace with ordinary characters" was pressed; nothing is saved.</summary>
    public bool IsMadeOrdinary { get; init; }

    /// <summary>It was deleted while it was being changed, and becomes a new one when it is saved.</summary>
    public bool IsRescued { get; init; }

    public bool IsShared => PracticeName is not null;
}

/// <summary>All templates that a clinician can use.</summary>
/// <param name="Saved">What was done just now, in words.</param>
public sealed record TemplateList(IReadOnlyList<Template> Mine, IReadOnlyList<Template> Shared, string PracticeName, bool MayShare, string? Saved, IReadOnlyList<FieldError> Errors)
{
    /// <summary>What of one's own is damaged; null when nothing is.</summary>
    public string? UnreadableMine { get; init; }

    /// <summary>What of the practice's is damaged; null when nothing is.</summary>
    public string? UnreadableShared { get; init; }
}
