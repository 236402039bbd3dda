using System.Buffers;
using PatientResponse.Infrastructure.Files.Store;

namespace PatientResponse.Infrastructure.Files.Intake;

/// <summary>
/// Encrypted bytes on their way to or from a remote store: a file on local disk without a name, so that nothing of it is left
/// after a crash. A failure of the disk is a <see cref="FileStoreUnavailableException"/>.
/// </summary>
internal static class SpoolFile
{
    private const int CopyBytes = 64 * 1024;

    public static FileStream Create(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, Guid.NewGuid().ToString("N"));
            var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
            File.Delete(path);
            return file;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new FileStoreUnavailableException(failure);
        }
    }

    /// <summary>Holds the next bytes of the content instead of what it held, up to a limit, and is ready to be read. A failure of
    /// the content passes through.</summary>
    public static async Task RefillAsync(this FileStream spool, Stream content, long limit, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            spool.SetLength(0);
            for (int read; spool.Length < limit && (read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(CopyBytes, limit - spool.Length)), cancellation)) > 0;)
                await WriteAsync(spool, buffer.AsMemory(0, read), cancellation);
            spool.Position = 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task WriteAsync(FileStream spool, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await spool.WriteAsync(bytes, cancellation);
        }
        catch (IOException failure)
        {
            throw new FileStoreUnavailableException(failure);
        }
    }
}
