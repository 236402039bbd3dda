using PatientResponse.Infrastructure.Files.Store;

namespace PatientResponse.Tests.Support;

/// <summary>The stores that every statement about files is tested on: <c>[MemberData(nameof(FileStores.All), MemberType = typeof(FileStores))]</c>.</summary>
public static class FileStores
{
    public const string Folder = "folder";
    public const string S3 = "S3";

    public static TheoryData<string> All => new(Folder, S3);

    /// <summary>An empty store of this test's own.</summary>
    public static async Task<StartedStore> StartAsync(string name) => name == Folder ? StartFolder() : await StartS3Async();

    private static StartedStore StartFolder()
    {
        var root = Directory.CreateTempSubdirectory("files-").FullName;
        return new(
            new FolderFileStore(root, TimeProvider.System),
            blob => File.ReadAllBytesAsync(Path.Combine(root, blob)),
            (blob, bytes) => File.WriteAllBytesAsync(Path.Combine(root, blob), bytes),
            () => Task.FromResult(Directory.GetFiles(root, "*", SearchOption.AllDirectories)),
            () => Directory.Delete(root, recursive: true));
    }

    private static async Task<StartedStore> StartS3Async()
    {
        var bucket = await S3Server.Get().NewBucketAsync();
        var store = bucket.Store();
        return new(
            store,
            bucket.ReadAsync,
            bucket.WriteAsync,
            async () => [.. await bucket.EverythingAsync(), .. bucket.Spooled],
            () =>
            {
                store.Dispose();
                bucket.Dispose();
            });
    }
}

/// <param name="ReadAsync">A blob's bytes, past the store.</param>
/// <param name="WriteAsync">Changes a blob, past the store.</param>
/// <param name="EverythingAsync">Names of all that is kept anywhere, half-written things too.</param>
public sealed record StartedStore(
    IFileStore Store, Func<string, Task<byte[]>> ReadAsync, Func<string, byte[], Task> WriteAsync, Func<Task<string[]>> EverythingAsync, Action End) : IDisposable
{
    public void Dispose() => End();
}
