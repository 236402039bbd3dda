using Amazon.S3;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Files;

/// <summary>What can be wrong with a bucket.</summary>
public sealed class S3FileStoreTests
{
    private static readonly string Name = BlobName.Of(Guid.NewGuid(), Guid.NewGuid());

    [Fact]
    public async Task A_wrong_secret_is_an_outage()
    {
        using var bucket = await S3Server.Get().NewBucketAsync();
        using var right = bucket.Store();
        await right.WriteAsync(Name, new MemoryStream([1]));
        using var wrong = bucket.Store(settings => settings with { SecretKey = settings.SecretKey + "x" });
        await ShouldBeAwayAsync(wrong);
        using var nobody = bucket.Store(settings => settings with { AccessKey = "nobody" });
        await ShouldBeAwayAsync(nobody);
        Assert.Equal([Name], await bucket.EverythingAsync());
        Assert.Empty(bucket.Spooled);
    }

    [Fact]
    public async Task A_missing_bucket_is_an_outage_and_not_a_missing_file()
    {
        using var bucket = await S3Server.Get().NewBucketAsync();
        using var store = bucket.Store(settings => settings with { Bucket = settings.Bucket + "-not" });
        await ShouldBeAwayAsync(store);
    }

    [Theory, InlineData(1_000), InlineData(6_000_000)]
    public async Task A_bucket_that_ignores_the_wish_for_encryption_gets_no_file(int size)
    {
        using var bucket = await S3Server.Get().NewBucketAsync();
        // This server takes the wish and does not answer it.
        using var store = bucket.Store(settings => settings with { ServerSideEncryption = "AES256" });
        await Assert.ThrowsAsync<FileStoreUnavailableException>(() => store.WriteAsync(Name, new MemoryStream(new byte[size])));
        Assert.Empty(await bucket.EverythingAsync());
    }

    [Theory, InlineData(1_000), InlineData(6_000_000)]
    public async Task A_bucket_that_encrypts_as_well_keeps_the_file_so(int size)
    {
        using var bucket = await S3Server.Get().NewBucketAsync();
        using var store = bucket.Store(settings => settings with { ServerSideEncryption = "aws:kms", KmsKeyId = "testkey" });
        await store.WriteAsync(Name, new MemoryStream(new byte[size]));
        await using (var blob = await store.OpenReadAsync(Name)) Assert.Equal(size, blob.Length);
        var kept = await bucket.Client.GetObjectMetadataAsync(bucket.Settings.Bucket, Name);
        Assert.Equal(ServerSideEncryptionMethod.AWSKMS, kept.ServerSideEncryptionMethod);
    }

    [Fact]
    public async Task A_disk_without_room_for_what_is_on_its_way_is_an_outage()
    {
        using var bucket = await S3Server.Get().NewBucketAsync();
        var inTheWay = Path.GetTempFileName();
        using var store = new S3FileStore(bucket.Settings, inTheWay, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<S3FileStore>.Instance);
        await Assert.ThrowsAsync<FileStoreUnavailableException>(() => store.WriteAsync(Name, new MemoryStream([1])));
        await Assert.ThrowsAsync<FileStoreUnavailableException>(() => store.OpenReadAsync(Name));
        File.Delete(inTheWay);
    }

    internal static async Task ShouldBeAwayAsync(S3FileStore store)
    {
        await Assert.ThrowsAsync<FileStoreUnavailableException>(() => store.WriteAsync(Name, new MemoryStream([1])));
        await Assert.ThrowsAsync<FileStoreUnavailableException>(() => store.WriteAsync(Name, new MemoryStream(new byte[6_000_000])));
        await Assert.ThrowsAsync<FileStoreUnavailableException>(() => store.OpenReadAsync(Name));
        await Assert.ThrowsAsync<FileStoreUnavailableException>(() => store.DeleteAsync(Name));
        await Assert.ThrowsAsync<FileStoreUnavailableException>(async () => await store.ListAsync("").ToArrayAsync());
    }
}
