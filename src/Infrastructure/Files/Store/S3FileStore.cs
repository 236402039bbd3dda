using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Infrastructure.Files.Store;

/// <summary>
/// Blobs in a bucket of Amazon S3 or a server like it. What is on its way waits in a nameless local file, not in memory: S3
/// must know a length before the first byte, and a hundred slow phones would otherwise hold half a gigabyte.
/// </summary>
/// <param name="spoolFolder">On local disk; made when needed.</param>
public sealed class S3FileStore(S3Settings settings, string spoolFolder, TimeProvider time, ILogger<S3FileStore> logger) : IFileStore, IDisposable
{
    private readonly S3Connection connection = new(settings, time, logger);

    public void Dispose() => connection.Dispose();

    public FileStream Spool() => SpoolFile.Create(spoolFolder);

    public async Task WriteAsync(string name, Stream content, CancellationToken cancellation = default)
    {
        BlobName.Checked(name);
        await using var spool = SpoolFile.Create(spoolFolder);
        await spool.RefillAsync(content, S3Upload.PartBytes, cancellation);
        if (spool.Length == S3Upload.PartBytes) await new S3Upload(connection, settings, name, logger).SendAsync(spool, content, cancellation);
        else await PutAsync(name, spool, cancellation);
    }

    public async Task<Stream> OpenReadAsync(string name, CancellationToken cancellation = default)
    {
        BlobName.Checked(name);
        var spool = SpoolFile.Create(spoolFolder);
        try
        {
            await connection.TransferAsync((s3, token) => FetchAsync(s3, name, spool, token), cancellation);
            return spool;
        }
        catch
        {
            await spool.DisposeAsync();
            throw;
        }
    }

    public Task DeleteAsync(string name, CancellationToken cancellation = default)
    {
        BlobName.Checked(name);
        return connection.CallAsync((s3, token) => s3.DeleteObjectAsync(settings.Bucket, name, token), cancellation);
    }

    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var request = new ListObjectsV2Request { BucketName = settings.Bucket, Prefix = BlobName.CheckedPrefix(prefix) };
        do
        {
            var page = await connection.CallAsync((s3, token) => s3.ListObjectsV2Async(request, token), cancellation);
            // What somebody else put there is none of ours.
            foreach (var found in page.S3Objects ?? [])
                if (BlobName.IsOne(found.Key)) yield return found.Key;
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);
    }

    private async Task PutAsync(string name, Stream spool, CancellationToken cancellation)
    {
        var request = new PutObjectRequest { BucketName = settings.Bucket, Key = name, InputStream = spool, AutoCloseStream = false, UseChunkEncoding = false };
        settings.AskFor(request);
        var stored = await connection.TransferAsync((s3, token) => s3.PutObjectAsync(request, token), cancellation);
        if (settings.IsAsAsked(stored.ServerSideEncryptionMethod)) return;
        await DeleteAsync(name, CancellationToken.None);
        throw S3Encryption.Missing(logger);
    }

    private async Task<long> FetchAsync(IAmazonS3 s3, string name, FileStream spool, CancellationToken cancellation)
    {
        try
        {
            using var found = await s3.GetObjectAsync(settings.Bucket, name, cancellation);
            await found.ResponseStream.CopyToAsync(spool, cancellation);
            if (spool.Length != found.ContentLength) throw new EndOfStreamException();
            return spool.Position = 0;
        }
        // Not by the status: a missing bucket is a 404 too.
        catch (AmazonS3Exception missing) when (missing.ErrorCode == "NoSuchKey")
        {
            throw new FileNotFoundException("There is no such blob.", name, missing);
        }
    }
}
