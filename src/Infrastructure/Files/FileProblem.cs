using static PatientResponse.Infrastructure.Web.Languages.Words;

namespace PatientResponse.Infrastructure.Files;

/// <summary>Why a file was refused.</summary>
public enum FileProblem
{
    Empty,
    TooLarge,
    WrongType,
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
        FileProblem.PasswordProtected => Say("file.password"),
        FileProblem.Virus => Say("file.virus"),
        FileProblem.CouldNotBeUploaded => Say("file.failed"),
        _ => throw new ArgumentOutOfRangeException(nameof(problem)),
    };
}
