using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Infrastructure.Files.Store;

/// <summary>
/// Where encrypted blobs are kept. Names come from <see cref="BlobName"/>; anything else is an <see cref="ArgumentException"/>.
/// An outage is a <see cref="FileStoreUnavailableException"/>; a failure of <c>content</c> itself passes through as it is.
/// </summary>
public interface IFileStore
{
    /// <summary>All or nothing, and durable when the task completes. Replaces a blob of the same name.</summary>
    Task WriteAsync(string name, Stream content, CancellationToken cancellation = default);

    /// <summary>
    /// A seekable stream; <see cref="FileNotFoundException"/> when there is none. It is also read synchronously, so a
    /// remote store fetches the (encrypted) blob to local disk first.
    /// </summary>
    Task<Stream> OpenReadAsync(string name, CancellationToken cancellation = default);

    /// <summary>A local file without a name, for encrypted bytes that are not yet what is to be kept.</summary>
    FileStream Spool() => SpoolFile.Create(Path.GetTempPath());

    /// <summary>Durable when the task completes. A blob that is not there is fine.</summary>
    Task DeleteAsync(string name, CancellationToken cancellation = default);

    /// <summary>Names of whole blobs; the prefix is empty, or one of <see cref="BlobName"/>'s folders.</summary>
    IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellation = default);
}
