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
    public const string NothingSelected = "Select a file";

    public static string TooMany => $"You can only select up to {FileRules.MaxFiles} files at the same time";

    public static string Message(FileProblem problem) => problem switch
    {
        FileProblem.Empty => "The selected file is empty",
        FileProblem.TooLarge => $"The selected file must be smaller than {FileRules.MaxBytes / (1024 * 1024)}MB",
        FileProblem.WrongType => "The selected file must be a JPG, JPEG, GIF, PNG, PDF, DOC or DOCX",
        FileProblem.PasswordProtected => "The selected file is password protected",
        FileProblem.Virus => "The selected file contains a virus",
        FileProblem.CouldNotBeUploaded => "The selected file could not be uploaded – try again",
        _ => throw new ArgumentOutOfRangeException(nameof(problem)),
    };
}
