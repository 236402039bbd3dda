using System.Security.Cryptography;
using PatientResponse.Infrastructure.Files.Sealing;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Files;

/// <summary>What every file store does alike.</summary>
public sealed class FileStoreTests
{
    private readonly Guid conversation = Guid.NewGuid();

    /// <summary>Below, at and above the least size of a part of an S3 upload, and three parts.</summary>
    public static TheoryData<string, int> Sizes => new(
        from store in (string[])[FileStores.Folder, FileStores.S3]
        from size in (int[])[0, 300_000, 5_242_879, 5_242_880, 5_242_881, 12_000_000]
        select (store, size));

    [Theory, MemberData(nameof(Sizes))]
    public async Task A_blob_comes_back_as_it_was_and_can_be_sought_in(string store, int size)
    {
        using var started = await FileStores.StartAsync(store);
        var name = BlobName.Of(conversation, Guid.NewGuid());
        var bytes = RandomNumberGenerator.GetBytes(size);
        await started.Store.WriteAsync(name, new Portions(bytes));
        await using var blob = await started.Store.OpenReadAsync(name);
        Assert.Equal(size, blob.Length);
        var back = new byte[size];
        await blob.ReadExactlyAsync(back);
        Assert.Equal(SHA256.HashData(bytes), SHA256.HashData(back));
        Assert.Equal(-1, blob.ReadByte());
        if (size == 0) return;
        blob.Position = size - 1;
        Assert.Equal(bytes[^1], blob.ReadByte());
        Assert.Equal([name], (await started.EverythingAsync()).Select(path => path[^name.Length..]));
    }

    [Theory, MemberData(nameof(FileStores.All), MemberType = typeof(FileStores))]
    public async Task Writing_again_replaces(string store)
    {
        using var started = await FileStores.StartAsync(store);
        var name = BlobName.Erased(conversation);
        await started.Store.WriteAsync(name, new MemoryStream([1, 2, 3]));
        await started.Store.WriteAsync(name, new MemoryStream([4]));
        await using var blob = await started.Store.OpenReadAsync(name);
        Assert.Equal(1, blob.Length);
    }

    [Theory]
    [InlineData(FileStores.Folder, 1_000), InlineData(FileStores.Folder, 8_000_000)]
    [InlineData(FileStores.S3, 1_000), InlineData(FileStores.S3, 8_000_000)]
    public async Task A_write_that_fails_leaves_nothing_and_tells_its_own_failure(string store, int failAt)
    {
        using var started = await FileStores.StartAsync(store);
        var name = BlobName.Of(conversation, Guid.NewGuid());
        foreach (var failure in (Exception[])[new TimeoutException(), new IOException(), new OperationCanceledException()])
            Assert.Same(failure, await Assert.ThrowsAnyAsync<Exception>(() => started.Store.WriteAsync(name, new Portions(new byte[9_000_000], failAt, failure))));
        Assert.Empty(await started.EverythingAsync());
        await Assert.ThrowsAsync<FileNotFoundException>(() => started.Store.OpenReadAsync(name));
    }

    [Theory, MemberData(nameof(FileStores.All), MemberType = typeof(FileStores))]
    public async Task A_deleted_blob_is_gone_and_deleting_it_again_is_fine(string store)
    {
        using var started = await FileStores.StartAsync(store);
        var name = BlobName.Of(conversation, Guid.NewGuid());
        await started.Store.WriteAsync(name, new MemoryStream([1]));
        await started.Store.DeleteAsync(name);
        await started.Store.DeleteAsync(name);
        await Assert.ThrowsAsync<FileNotFoundException>(() => started.Store.OpenReadAsync(name));
        Assert.Empty(await started.EverythingAsync());
    }

    [Theory, MemberData(nameof(FileStores.All), MemberType = typeof(FileStores))]
    public async Task Writing_and_deleting_in_one_folder_at_once_works(string store)
    {
        using var started = await FileStores.StartAsync(store);
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), async (_, cancellation) =>
        {
            var name = BlobName.Of(conversation, Guid.NewGuid());
            await started.Store.WriteAsync(name, new MemoryStream([1]), cancellation);
            await started.Store.DeleteAsync(name, cancellation);
        });
        Assert.Empty(await started.EverythingAsync());
    }

    [Theory, MemberData(nameof(FileStores.All), MemberType = typeof(FileStores))]
    public async Task A_list_holds_the_blobs_of_one_folder_or_of_all(string store)
    {
        using var started = await FileStores.StartAsync(store);
        string[] names = [BlobName.Of(conversation, Guid.NewGuid()), BlobName.Of(conversation, Guid.NewGuid()), BlobName.Of(Guid.NewGuid(), Guid.NewGuid()), BlobName.Erased(conversation)];
        foreach (var name in names) await started.Store.WriteAsync(name, new MemoryStream([1]));
        // What somebody else put there.
        await started.WriteAsync($"{conversation:N}/notes.txt", [1]);
        Assert.Equal(names.Order(), (await started.Store.ListAsync("").ToArrayAsync()).Order());
        Assert.Equal(names[..2].Order(), (await started.Store.ListAsync(BlobName.FolderOf(conversation)).ToArrayAsync()).Order());
        Assert.Equal(names[3..], await started.Store.ListAsync(BlobName.ErasedFolder).ToArrayAsync());
        Assert.Empty(await started.Store.ListAsync(BlobName.FolderOf(Guid.NewGuid())).ToArrayAsync());
    }

    [Fact]
    public async Task A_list_of_a_bucket_goes_on_after_a_thousand()
    {
        using var started = await FileStores.StartAsync(FileStores.S3);
        await Parallel.ForEachAsync(Enumerable.Range(0, 1_001), async (_, cancellation) =>
            await started.Store.WriteAsync(BlobName.Of(conversation, Guid.NewGuid()), new MemoryStream([1]), cancellation));
        Assert.Equal(1_001, await started.Store.ListAsync(BlobName.FolderOf(conversation)).CountAsync());
    }

    public static TheoryData<string, string> NoNames => new(
        from store in (string[])[FileStores.Folder, FileStores.S3]
        from name in (string[])
        [
            "", "photo.jpg", "../00000000000000000000000000000000", "00000000000000000000000000000000/../x",
            "/00000000000000000000000000000000/00000000000000000000000000000000", "00000000000000000000000000000000/0000000000000000000000000000000A",
            "00000000000000000000000000000000/00000000000000000000000000000000\n", "00000000000000000000000000000000/00000000000000000000000000000000/x",
            "incoming/00000000000000000000000000000000",
        ]
        select (store, name));

    [Theory, MemberData(nameof(NoNames))]
    public async Task Anything_but_a_blobs_name_is_refused(string store, string name)
    {
        using var started = await FileStores.StartAsync(store);
        await Assert.ThrowsAsync<ArgumentException>(() => started.Store.WriteAsync(name, new MemoryStream([1])));
        await Assert.ThrowsAsync<ArgumentException>(() => started.Store.OpenReadAsync(name));
        await Assert.ThrowsAsync<ArgumentException>(() => started.Store.DeleteAsync(name));
        if (name.Length > 0) await Assert.ThrowsAsync<ArgumentException>(async () => await started.Store.ListAsync(name).ToArrayAsync());
    }

    /// <summary>As a patient's file arrives: no length, no seeking, small portions; it may fail on the way.</summary>
    private sealed class Portions(byte[] bytes, int failAt = int.MaxValue, Exception? failure = null) : ReadOnlyStream
    {
        private int given;

        public override int Read(Span<byte> buffer) => throw new NotSupportedException();

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (given >= failAt) throw failure!;
            var count = Math.Min(Math.Min(buffer.Length, 20_011), bytes.Length - given);
            bytes.AsMemory(given, count).CopyTo(buffer);
            given += count;
            return new(count);
        }
    }
}
