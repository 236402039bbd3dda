using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Files.Store;

/// <summary>Whether this machine's part of the file store can be written, before the first request: a folder that is full, read-only or
/// somebody else's is better known now than with the first patient's photo.</summary>
internal static class StoreTrial
{
    private const int BytesOfAFile = 256 * 1024;

    /// <exception cref="FileStoreUnavailableException">It cannot.</exception>
    public static async Task RunAsync(IFileStore store, DataFolder folder)
    {
        if (store is FolderFileStore)
        {
            var name = BlobName.Probe(Guid.NewGuid());
            await store.WriteAsync(name, new MemoryStream(new byte[BytesOfAFile]));
            await store.DeleteAsync(name);
        }
        else if (store is S3FileStore)
        {
            await using var spool = SpoolFile.Create(folder.PathOf("spool"));
        }
    }
}
