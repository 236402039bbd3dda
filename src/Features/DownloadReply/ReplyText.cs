using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.DownloadReply;

/// <summary>A conversation as a plain text for the record: who was asked what by whom, and the answer where there is one.</summary>
public static class ReplyText
{
    /// <param name="fileNames">As they are named beside this text.</param>
    public static string Of(Conversation conversation, IReadOnlyList<string> fileNames)
    {
        var (sent, patient) = (conversation.Sent, conversation.Patient);
        string[] lines =
        [
            $"Patient: {patient.Name}{(patient.IsTest ? " (test patient)" : "")}",
            $"NHS number: {NhsNumber.Parse(patient.NhsNumber)}",
            $"Date of birth: {UkTime.Format(patient.DateOfBirth)}",
            "",
            $"{(conversation.AllowsResponse ? "Asked" : "Written")} by: {sent.RequesterName}",
            $"Sent: {UkTime.Format(sent.At)}",
            "",
            conversation.AllowsResponse ? "Question" : "Message",
            conversation.AllowsResponse ? "--------" : "-------",
            sent.Text,
            "",
            .. conversation.Reply is { } reply ? Answer(reply, fileNames) : conversation.AllowsResponse ? ["No reply so far", ""] : Array.Empty<string>(),
        ];
        // As every Windows program reads it.
        return string.Join('\n', lines).ReplaceLineEndings("\r\n");
    }

    private static IEnumerable<string> Answer(ReplyUploaded reply, IReadOnlyList<string> fileNames) =>
    [
        $"Reply received: {UkTime.Format(reply.At)}",
        .. reply.Proxy is { } proxy ? [$"Written for the patient by: {proxy}"] : Array.Empty<string>(),
        "",
        "Reply",
        "-----",
        reply.Text.Length > 0 ? reply.Text : "(The patient wrote nothing and sent files.)",
        "",
        fileNames.Count == 0 ? "No files" : "Files",
        .. fileNames.Select((name, index) => $"{index + 1}. {name}"),
        "",
    ];
}
