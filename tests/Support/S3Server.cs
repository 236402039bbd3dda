using System.Data.Common;
using Amazon.Runtime;
using Amazon.S3;
using Microsoft.Extensions.Logging.Abstractions;
using PatientResponse.Infrastructure.Files.Store;

namespace PatientResponse.Tests.Support;

/// <summary>The S3 server of this test run. Without one the test is skipped, and fails where CI=true.</summary>
public sealed class S3Server
{
    /// <summary>Names the connection string that tests/counterparts/s3.sh prints.</summary>
    private const string Setting = "TEST_S3";

    private readonly DbConnectionStringBuilder connection;

    private S3Server(string connectionString) => connection = new() { ConnectionString = connectionString };

    public static S3Server Get()
    {
        var server = Environment.GetEnvironmentVariable(Setting);
        if (string.IsNullOrEmpty(server))
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"Set {Setting}: in CI both file stores are tested.");
            Assert.Skip($"{Setting} is not set.");
        }
        return new(server);
    }

    public string ServiceUrl => (string)connection["ServiceUrl"];

    /// <summary>What another gateway to the same store is started with.</summary>
    public string Conf => (string)connection["Conf"];

    /// <summary>A bucket of this test's own.</summary>
    /// <param name="serviceUrl">Another gateway than the one that all tests share.</param>
    public async Task<Bucket> NewBucketAsync(string? serviceUrl = null)
    {
        var settings = new S3Settings
        {
            ServiceUrl = serviceUrl ?? ServiceUrl,
            Bucket = "test-" + Guid.NewGuid().ToString("N"),
            AccessKey = (string)connection["AccessKey"],
            SecretKey = (string)connection["SecretKey"],
        };
        var client = new AmazonS3Client(
            new BasicAWSCredentials(settings.AccessKey, settings.SecretKey), new AmazonS3Config { ServiceURL = ServiceUrl, ForcePathStyle = true });
        await client.PutBucketAsync(settings.Bucket);
        return new(settings, client);
    }
}

/// <param name="Client">Looks into the bucket past our own store.</param>
public sealed record Bucket(S3Settings Settings, IAmazonS3 Client) : IDisposable
{
    private readonly string spool = Path.Combine(Path.GetTempPath(), "spool-" + Guid.NewGuid().ToString("N"));

    /// <summary>The settings of an app that keeps its files here.</summary>
    public Dictionary<string, string?> AppSettings => new()
    {
        ["Files:Provider"] = "s3",
        ["Files:S3:ServiceUrl"] = Settings.ServiceUrl,
        ["Files:S3:Bucket"] = Settings.Bucket,
        ["Files:S3:AccessKey"] = Settings.AccessKey,
        ["Files:S3:SecretKey"] = Settings.SecretKey,
    };

    public S3FileStore Store(Func<S3Settings, S3Settings>? change = null) => new(change?.Invoke(Settings) ?? Settings, spool, TimeProvider.System, NullLogger<S3FileStore>.Instance);

    public async Task<byte[]> ReadAsync(string key)
    {
        using var found = await Client.GetObjectAsync(Settings.Bucket, key);
        using var bytes = new MemoryStream();
        await found.ResponseStream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    public Task WriteAsync(string key, byte[] bytes) =>
        Client.PutObjectAsync(new() { BucketName = Settings.Bucket, Key = key, InputStream = new MemoryStream(bytes), UseChunkEncoding = false });

    /// <summary>Whole objects, and uploads that were begun.</summary>
    public async Task<string[]> EverythingAsync()
    {
        var objects = await Client.ListObjectsV2Async(new() { BucketName = Settings.Bucket });
        var uploads = await Client.ListMultipartUploadsAsync(new Amazon.S3.Model.ListMultipartUploadsRequest { BucketName = Settings.Bucket });
        return [.. (objects.S3Objects ?? []).Select(found => found.Key), .. (uploads.MultipartUploads ?? []).Select(begun => "begun: " + begun.Key)];
    }

    /// <summary>What is left on local disk.</summary>
    public string[] Spooled => Directory.Exists(spool) ? Directory.GetFiles(spool) : [];

    public void Dispose()
    {
        Client.Dispose();
        if (Directory.Exists(spool)) Directory.Delete(spool, recursive: true);
    }
}
