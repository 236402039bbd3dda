using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Features.ViewReply;

/// <summary>What the requester reads about viruses.</summary>
public static class ScanText
{
    /// <summary>Of all files of a reply together.</summary>
    public static string Of(IReadOnlyList<ReplyFile> files)
    {
        var subject = files.Count == 1 ? "The file was" : "The files were";
        if (files.Any(file => file.Scan == FileScan.Waiting))
            return $"{(files.Count == 1 ? "The file has" : "Some files have")} not been checked for viruses yet. This happens by itself. If you need {(files.Count == 1 ? "it" : "them")} soon, contact the patient another way.";
        if (files.Any(file => file.Scan == FileScan.Infected))
            return $"{subject} checked and scanned for viruses, and one was found.";
        return files.All(file => file.Scan == FileScan.Clean)
            ? $"{subject} checked and scanned for viruses. None was found."
            : $"{subject} checked but not scanned for viruses.";
    }

    /// <summary>Why a file cannot be opened; null when it can.</summary>
    public static string? Obstacle(FileScan scan) => scan switch
    {
        FileScan.Waiting => "This file waits to be checked for viruses. You can open it after that.",
        FileScan.Infected => "This file contains a virus. It cannot be opened or downloaded. Tell the patient that their phone or computer may have a virus.",
        _ => null,
    };
}
