namespace PatientResponse.Infrastructure.Files.Intake;

/// <summary>What a reply may hold. The figures are Accurx's and GOV.UK Forms'.</summary>
public static class FileRules
{
    public const int MaxFiles = 5;

    /// <summary>Of one file, in bytes: 7 × 1024 × 1024. A file of exactly this size is accepted.</summary>
    public const int MaxBytes = 7_340_032;

    /// <summary>Of a side, in pixels.</summary>
    public const int MaxImageSide = 30_000;

    /// <summary>Of an image, in pixels. No phone's camera takes more; a decoder would want 4 bytes for each.</summary>
    public const long MaxImagePixels = 100_000_000;

    /// <summary>Of all frames of a moving image together, in pixels: what a browser plays without standing still.</summary>
    public const long MaxMovingPixels = 1_000_000_000;
}
