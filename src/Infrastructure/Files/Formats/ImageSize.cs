using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Infrastructure.Files.Formats;

/// <summary>The dimensions that an image's header claims, in pixels; nothing is decoded or allocated for them.</summary>
internal readonly record struct ImageSize(long Width, long Height)
{
    /// <summary>Null when it can be shown.</summary>
    public FileProblem? Problem =>
        Width <= 0 || Height <= 0 ? FileProblem.Damaged
        : Width > FileRules.MaxImageSide || Height > FileRules.MaxImageSide || Width * Height > FileRules.MaxImagePixels ? FileProblem.TooManyPixels
        : null;
}
