using Amazon.S3.Model;
using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Infrastructure.Files.Store;

/// <summary>One blob, sent in parts. It appears when all of it has arrived; a failure on the way leaves nothing.</summary>
internal sealed class S3Upload(S3Connection connection, S3Settings settings, string name, ILogger logger)
{
    /// <summary>The least that S3 takes for any part but the last.</summary>
    public const int PartBytes = 5 * 1024 * 1024;

    /// <summary>The first part is in the spool already, the rest of the content is still to be read.</summary>
    public async Task SendAsync(FileStream spool, Stream content, CancellationToken cancellation)
    {
        var request = new InitiateMultipartUploadRequest { BucketName = settings.Bucket, Key = name };
        settings.AskFor(request);
        var upload = await connection.CallAsync((s3, token) => s3.InitiateMultipartUploadAsync(request, token), cancellation);
        try
        {
            // Before the first byte is sent.
            if (!settings.IsAsAsked(upload.ServerSideEncryptionMethod)) throw S3Encryption.Missing(logger);
            var parts = new List<PartETag>();
            for (; spool.Length > 0; await spool.RefillAsync(content, PartBytes, cancellation))
                parts.Add(await SendPartAsync(upload.UploadId, parts.Count + 1, spool, cancellation));
            var complete = new CompleteMultipartUploadRequest { BucketName = settings.Bucket, Key = name, UploadId = upload.UploadId, PartETags = parts };
            await connection.TransferAsync((s3, token) => s3.CompleteMultipartUploadAsync(complete, token), cancellation);
        }
        catch
        {
            await AbortAsync(upload.UploadId);
            throw;
        }
    }

    private async Task<PartETag> SendPartAsync(string upload, int number, FileStream spool, CancellationToken cancellation)
    {
        var request = new UploadPartRequest
        {
            BucketName = settings.Bucket,
            Key = name,
            UploadId = upload,
            PartNumber = number,
            PartSize = spool.Length,
            InputStream = spool,
            UseChunkEncoding = false,
        };
        var part = await connection.TransferAsync((s3, token) => s3.UploadPartAsync(request, token), cancellation);
        return new(number, part.ETag);
    }

    private async Task AbortAsync(string upload)
    {
        try
        {
            await connection.CallAsync((s3, token) => s3.AbortMultipartUploadAsync(settings.Bucket, name, upload, token), CancellationToken.None);
        }
        catch (FileStoreUnavailableException)
        {
            // The first failure is the one to report; the bucket's own rule removes what was begun.
        }
    }
}
