using System.Globalization;
using PatientResponse.Infrastructure.Files.Intake;
using static PatientResponse.Infrastructure.Languages.Words;

namespace PatientResponse.Features.UploadReply;

/// <summary>A file that was refused, under the name that the patient knows it by, in the words of the NHS service manual.</summary>
public sealed record RefusedFile(string Name, string Message)
{
    public static RefusedFile Of(string name, FileProblem problem) => new(name, FileProblems.Message(problem));

    /// <summary>A file that no room is left for.</summary>
    public static RefusedFile TooMany(string name, Room room) => new(name, room.Beyond);
}

public static class Attachment
{
    public static ReplyFile Of(StagedFile file) => new(file.Id, file.Name, file.Kind, file.Size, file.ActiveContent, file.Sha256, file.Scan);

    /// <summary>The files that are not among those held already, each once: a browser that repeats a POST sends its files again.</summary>
    public static IReadOnlyList<ReplyFile> New(IEnumerable<ReplyFile> received, IReadOnlyList<ReplyFile> held) =>
        [.. received.Where(file => !held.Any(other => IsSame(other, file.Name, file.Sha256))).DistinctBy(file => (file.Name, file.Sha256))];

    /// <summary>The same bytes under the same name.</summary>
    public static bool IsSame(ReplyFile file, string name, string? sha256) => file.Name == name && file.Sha256 == sha256;

    /// <summary>"3.4 MB", as the patient's phone says it.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1024 => Say("file.bytes", bytes),
        < 1024 * 1024 => Say("file.kb", bytes / 1024),
        _ => Say("file.mb", (bytes / 1024 * 10 / 1024 / 10.0).ToString("0.0", CultureInfo.InvariantCulture)),
    };
}
