using PatientResponse.Infrastructure.Files.Store;

namespace PatientResponse.Tests.Fuzzing.Reading;

internal sealed class MemoryStore : IFileStore
{
    private readonly Dictionary<string, byte[]> blobs = [];

    public IEnumerable<string> Names => blobs.Keys;

    public async Task WriteAsync(string name, Stream content, CancellationToken cancellation = default)
    {
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellation);
        blobs[name] = bytes.ToArray();
    }

    public Task<Stream> OpenReadAsync(string name, CancellationToken cancellation = default) =>
        Task.FromResult<Stream>(blobs.TryGetValue(name, out var blob) ? new MemoryStream(blob) : throw new FileNotFoundException());

    public Task DeleteAsync(string name, CancellationToken cancellation = default)
    {
        blobs.Remove(name);
        return Task.CompletedTask;
    }

    public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellation = default) => throw new NotSupportedException();
}
