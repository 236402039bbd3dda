using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace PatientResponse.Infrastructure.Files.Store;

/// <summary>Calls to one bucket, each within a time limit. Whatever goes wrong is a <see cref="FileStoreUnavailableException"/>, and in the log why.</summary>
internal sealed class S3Connection(S3Settings settings, TimeProvider time, ILogger logger) : IDisposable
{
    private const int MoreTries = 2;
    private readonly AmazonS3Client client = Connect(settings);

    public void Dispose() => client.Dispose();

    /// <summary>Sends or fetches content.</summary>
    public Task<T> TransferAsync<T>(Func<IAmazonS3, CancellationToken, Task<T>> call, CancellationToken cancellation) =>
        WithinAsync(settings.TransferTimeout, call, cancellation);

    public Task<T> CallAsync<T>(Func<IAmazonS3, CancellationToken, Task<T>> call, CancellationToken cancellation) =>
        WithinAsync(settings.CallTimeout, call, cancellation);

    private async Task<T> WithinAsync<T>(TimeSpan limit, Func<IAmazonS3, CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        using var tooLate = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tooLate.Token, cancellation);
        try
        {
            return await call(client, either.Token);
        }
        catch (Exception failure) when (IsOutage(failure) && !cancellation.IsCancellationRequested)
        {
            // Codes only: a message may quote names and addresses.
            logger.LogError("The S3 bucket for files cannot be used: {Reason}",
                failure is AmazonServiceException { ErrorCode.Length: > 0 } answer ? $"{(int)answer.StatusCode} {answer.ErrorCode}" : failure.GetType().Name);
            throw new FileStoreUnavailableException(failure);
        }
    }

    private static bool IsOutage(Exception failure) => failure is not (FileNotFoundException or FileStoreUnavailableException)
        && failure is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or OperationCanceledException or TimeoutException;

    private static AmazonS3Client Connect(S3Settings settings)
    {
        var config = new AmazonS3Config
        {
            // Each of our writings is checked by its signature; servers other than Amazon's know no trailing checksums.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = MoreTries,
        };
        if (string.IsNullOrEmpty(settings.ServiceUrl)) config.RegionEndpoint = RegionEndpoint.GetBySystemName(settings.Region);
        else
        {
            config.ServiceURL = settings.ServiceUrl;
            config.AuthenticationRegion = string.IsNullOrEmpty(settings.Region) ? "us-east-1" : settings.Region;
            // Such a server rarely has a name for each bucket.
            config.ForcePathStyle = true;
        }
        return string.IsNullOrEmpty(settings.AccessKey)
            ? new AmazonS3Client(config)
            : new AmazonS3Client(new BasicAWSCredentials(settings.AccessKey, settings.SecretKey), config);
    }
}
