using System.Buffers;
using System.Runtime.CompilerServices;
using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Infrastructure.Files.Store;

/// <summary>Blobs in a folder of this machine. A write appears by rename, after the bytes are on disk.</summary>
public sealed class FolderFileStore : IFileStore
{
    private const int CopyBytes = 128 * 1024;
    private static readonly TimeSpan LeftOver = TimeSpan.FromDays(1);
    private readonly string root;
    private readonly string incoming;

    public FolderFileStore(string root, TimeProvider time)
    {
        this.root = Path.GetFullPath(root);
        incoming = Path.Combine(this.root, "incoming");
        Directory.CreateDirectory(incoming);
        // A crash leaves its half-written file. Younger ones may belong to another process of this machine.
        foreach (var file in new DirectoryInfo(incoming).EnumerateFiles())
            if (file.LastWriteTimeUtc < time.GetUtcNow() - LeftOver) file.Delete();
    }

    public FileStream Spool() => SpoolFile.Create(incoming);

    public async Task WriteAsync(string name, Stream content, CancellationToken cancellation = default)
    {
        var target = PathOf(name);
        var temporary = Path.Combine(incoming, Guid.NewGuid().ToString("N"));
        try
        {
            await WriteDurablyAsync(temporary, content, cancellation);
            Unavailable(() => MoveDurably(temporary, target));
        }
        catch
        {
            DeleteQuietly(temporary);
            throw;
        }
    }

    public Task<Stream> OpenReadAsync(string name, CancellationToken cancellation = default)
    {
        var path = PathOf(name);
        try
        {
            return Task.FromResult<Stream>(new FileStream(path, FileMode.Open, FileAccess.Read,
                FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException("There is no such blob.", name, missing);
        }
        catch (Exception failure) when (IsOutage(failure))
        {
            throw new FileStoreUnavailableException(failure);
        }
    }

    public Task DeleteAsync(string name, CancellationToken cancellation = default)
    {
        var path = PathOf(name);
        Unavailable(() =>
        {
            if (!File.Exists(path)) return;
            File.Delete(path);
            var folder = Path.GetDirectoryName(path)!;
            DurableFolder.Flush(folder);
            DeleteWhenEmpty(folder);
        });
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        BlobName.CheckedPrefix(prefix);
        var folders = prefix.Length > 0 ? [Path.Combine(root, prefix)] : Unavailable(() => Directory.GetDirectories(root));
        foreach (var folder in folders.Where(folder => Path.TrimEndingDirectorySeparator(folder) != incoming))
        {
            // Leaves the thread between folders: a sweep walks all of them.
            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
            foreach (var file in Unavailable(() => Directory.Exists(folder) ? Directory.GetFiles(folder) : []))
            {
                // What somebody else put there is none of ours.
                if ($"{Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))}/{Path.GetFileName(file)}" is var name && BlobName.IsOne(name))
                    yield return name;
            }
        }
    }

    private string PathOf(string name) => Path.Combine(root, BlobName.Checked(name));

    private static async Task WriteDurablyAsync(string path, Stream content, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        FileStream? file = null;
        try
        {
            file = Unavailable(() => new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous));
            // Not CopyToAsync: a failure of the content must not read as a failure of the store.
            int read;
            while ((read = await content.ReadAsync(buffer, cancellation)) > 0)
                await UnavailableAsync(() => file.WriteAsync(buffer.AsMemory(0, read), cancellation).AsTask());
            Unavailable(() => file.Flush(flushToDisk: true));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (file is not null) await file.DisposeAsync();
        }
    }

    private void MoveDurably(string temporary, string target)
    {
        var folder = Path.GetDirectoryName(target)!;
        for (var tries = 20; ; tries--)
        {
            if (!Directory.Exists(folder))
            {
                Directory.CreateDirectory(folder);
                DurableFolder.Flush(root);
            }
            try
            {
                File.Move(temporary, target, overwrite: true);
                break;
            }
            catch (IOException gone) when (tries > 0 && gone is DirectoryNotFoundException or FileNotFoundException)
            {
                // The last other blob of this folder was deleted just now, and the empty folder with it.
            }
        }
        DurableFolder.Flush(folder);
    }

    private static void DeleteWhenEmpty(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (IOException)
        {
            // Other blobs are in it.
        }
    }

    private static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (IsOutage(failure))
        {
            // The first failure is the one to report; the next start removes the left-over.
        }
    }

    private static bool IsOutage(Exception failure) => failure is IOException or UnauthorizedAccessException;

    private static void Unavailable(Action act) => Unavailable(() => { act(); return true; });

    private static T Unavailable<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception failure) when (IsOutage(failure))
        {
            throw new FileStoreUnavailableException(failure);
        }
    }

    private static async Task UnavailableAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception failure) when (IsOutage(failure))
        {
            throw new FileStoreUnavailableException(failure);
        }
    }
}
