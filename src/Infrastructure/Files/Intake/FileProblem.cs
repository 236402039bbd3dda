using static PatientResponse.Infrastructure.Languages.Words;

namespace PatientResponse.Infrastructure.Files.Intake;

/// <summary>Why a file was refused.</summary>
public enum FileProblem
{
    Empty,
    TooLarge,
    /// <summary>None of the kinds that we take.</summary>
    WrongType,
    /// <summary>Of a kind that we take, by its content; its name says another.</summary>
    WrongName,
    /// <summary>A photo as iPhones keep it, which browsers and clinicians' computers cannot show.</summary>
    Heic,
    /// <summary>Of a kind that we take, but broken, or too much work to look through.</summary>
    Damaged,
    TooManyPixels,
    Macros,
    /// <summary>A Word document that holds something that we take from nobody, other than macros.</summary>
    UnwantedPart,
    PasswordProtected,
    Virus,
    CouldNotBeUploaded,
}

/// <summary>The words of the NHS service manual's file upload component.</summary>
public static class FileProblems
{
    public static string TooMany => Say("file.too-many", FileRules.MaxFiles);

    public static string Message(FileProblem problem) => problem switch
    {
        FileProblem.Empty => Say("file.empty"),
        FileProblem.TooLarge => Say("file.too-large", FileRules.MaxBytes / (1024 * 1024)),
        FileProblem.WrongType => Say("file.wrong-type"),
        FileProblem.WrongName => Say("file.wrong-name"),
        FileProblem.Heic => Say("file.heic"),
        FileProblem.Damaged => Say("file.damaged"),
        FileProblem.TooManyPixels => Say("file.too-many-pixels"),
        FileProblem.Macros => Say("file.macros"),
        FileProblem.UnwantedPart => Say("file.unwanted-part"),
        FileProblem.PasswordProtected => Say("file.password"),
        FileProblem.Virus => Say("file.virus"),
        FileProblem.CouldNotBeUploaded => Say("file.failed"),
        _ => throw new ArgumentOutOfRangeException(nameof(problem)),
    };
}
