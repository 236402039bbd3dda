using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Files.Sealing;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.DownloadReply;

public static class SoundFile
{
    /// <summary>The file, read through once to its end, so that no part of a damaged one ever goes out. Null when it is
    /// damaged or not there.</summary>
    public static async Task<Stream?> OpenAsync(FileIntake files, IEventStream<Conversation> conversation, ReplyFile file, CancellationToken cancellation)
    {
        DecryptingStream? content = null;
        try
        {
            content = await files.OpenAsync(conversation.Id, conversation.DataKey, file.Id, cancellation);
            await content.CopyToAsync(Stream.Null, cancellation);
            content.Position = 0;
            return content;
        }
        catch (Exception e) when (e is DamagedFileException or FileNotFoundException)
        {
            if (content is not null)
                await content.DisposeAsync();
            return null;
        }
    }
}
