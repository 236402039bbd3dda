using System.Text;
using PatientResponse.Infrastructure.Files;

namespace PatientResponse.Features.EraseConversation;

/// <summary>Outside the database: the marker by which a restored backup knows what was erased, then the files.</summary>
public static class FinishErasingHandler
{
    public static async Task HandleAsync(FinishErasing message, IFileStore store, CancellationToken cancellation)
    {
        using var content = new MemoryStream(Encoding.ASCII.GetBytes("erased"));
        await store.WriteAsync(BlobName.Erased(message.ConversationId), content, cancellation);
        await foreach (var name in store.ListAsync(BlobName.FolderOf(message.ConversationId), cancellation))
            await store.DeleteAsync(name, cancellation);
    }
}
