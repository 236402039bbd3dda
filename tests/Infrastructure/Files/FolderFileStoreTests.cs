using PatientResponse.Infrastructure.Files;

namespace PatientResponse.Tests.Infrastructure.Files;

public sealed class FolderFileStoreTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("files-").FullName;
    private readonly Guid conversation = Guid.NewGuid();
    private readonly FolderFileStore store;

    public FolderFileStoreTests() => store = new(root);

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task A_blob_comes_back_as_it_was_and_can_be_sought_in()
    {
        var name = BlobName.Of(conversation, Guid.NewGuid());
        var bytes = Enumerable.Range(0, 300_000).Select(i => (byte)i).ToArray();
        await store.WriteAsync(name, new MemoryStream(bytes));
        await using var blob = await store.OpenReadAsync(name);
        Assert.Equal(bytes.Length, blob.Length);
        blob.Position = 299_999;
        Assert.Equal(bytes[^1], blob.ReadByte());
    }

    [Fact]
    public async Task Writing_again_replaces()
    {
        var name = BlobName.Erased(conversation);
        await store.WriteAsync(name, new MemoryStream([1, 2, 3]));
        await store.WriteAsync(name, new MemoryStream([4]));
        await using var blob = await store.OpenReadAsync(name);
        Assert.Equal(1, blob.Length);
    }

    [Fact]
    public async Task A_write_that_fails_leaves_nothing_and_tells_its_own_failure()
    {
        var name = BlobName.Of(conversation, Guid.NewGuid());
        await Assert.ThrowsAsync<TimeoutException>(() => store.WriteAsync(name, new Broken(new TimeoutException())));
        await Assert.ThrowsAsync<IOException>(() => store.WriteAsync(name, new Broken(new IOException())));
        Assert.Empty(Directory.GetFiles(root, "*", SearchOption.AllDirectories));
        await Assert.ThrowsAsync<FileNotFoundException>(() => store.OpenReadAsync(name));
    }

    [Fact]
    public async Task A_disk_that_cannot_be_written_is_an_outage()
    {
        Directory.Delete(Path.Combine(root, "incoming"));
        await File.WriteAllTextAsync(Path.Combine(root, "incoming"), "in the way");
        await Assert.ThrowsAsync<FileStoreUnavailableException>(() => store.WriteAsync(BlobName.Erased(conversation), new MemoryStream([1])));
    }

    [Fact]
    public async Task A_blob_whose_place_is_taken_leaves_nothing()
    {
        await File.WriteAllTextAsync(Path.Combine(root, conversation.ToString("N")), "in the way");
        await Assert.ThrowsAsync<FileStoreUnavailableException>(() => store.WriteAsync(BlobName.Of(conversation, Guid.NewGuid()), new MemoryStream([1])));
        Assert.Empty(Directory.GetFiles(Path.Combine(root, "incoming")));
    }

    [Fact]
    public async Task A_deleted_blob_is_gone_with_its_folder_and_deleting_it_again_is_fine()
    {
        var name = BlobName.Of(conversation, Guid.NewGuid());
        await store.WriteAsync(name, new MemoryStream([1]));
        Assert.True(Directory.Exists(Path.Combine(root, conversation.ToString("N"))));
        await store.DeleteAsync(name);
        await store.DeleteAsync(name);
        await Assert.ThrowsAsync<FileNotFoundException>(() => store.OpenReadAsync(name));
        Assert.False(Directory.Exists(Path.Combine(root, conversation.ToString("N"))));
    }

    [Fact]
    public async Task Writing_and_deleting_in_one_folder_at_once_works()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), async (_, cancellation) =>
        {
            var name = BlobName.Of(conversation, Guid.NewGuid());
            await store.WriteAsync(name, new MemoryStream([1]), cancellation);
            await store.DeleteAsync(name, cancellation);
        });
        Assert.Empty(Directory.GetFiles(root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_list_holds_whole_blobs_only_of_one_folder_or_of_all()
    {
        string[] names = [BlobName.Of(conversation, Guid.NewGuid()), BlobName.Of(conversation, Guid.NewGuid()), BlobName.Of(Guid.NewGuid(), Guid.NewGuid()), BlobName.Erased(conversation)];
        foreach (var name in names) await store.WriteAsync(name, new MemoryStream([1]));
        await File.WriteAllTextAsync(Path.Combine(root, "incoming", "half"), "");
        Assert.Equal(names.Order(), (await store.ListAsync("").ToArrayAsync()).Order());
        Assert.Equal(names[..2].Order(), (await store.ListAsync(BlobName.FolderOf(conversation)).ToArrayAsync()).Order());
        Assert.Equal(names[3..], await store.ListAsync(BlobName.ErasedFolder).ToArrayAsync());
        Assert.Empty(await store.ListAsync(BlobName.FolderOf(Guid.NewGuid())).ToArrayAsync());
    }

    [Fact]
    public void Left_overs_of_a_crash_go_after_a_day()
    {
        var (old, young) = (Path.Combine(root, "incoming", "old"), Path.Combine(root, "incoming", "young"));
        foreach (var path in (string[])[old, young]) File.WriteAllText(path, "");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-2));
        _ = new FolderFileStore(root);
        Assert.False(File.Exists(old));
        Assert.True(File.Exists(young));
    }

    [Theory]
    [InlineData("")]
    [InlineData("photo.jpg")]
    [InlineData("../00000000000000000000000000000000")]
    [InlineData("00000000000000000000000000000000/../x")]
    [InlineData("/00000000000000000000000000000000/00000000000000000000000000000000")]
    [InlineData("00000000000000000000000000000000/0000000000000000000000000000000A")]
    [InlineData("00000000000000000000000000000000/00000000000000000000000000000000\n")]
    [InlineData("00000000000000000000000000000000/00000000000000000000000000000000/x")]
    [InlineData("incoming/00000000000000000000000000000000")]
    public async Task Anything_but_a_blobs_name_is_refused(string name)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => store.WriteAsync(name, new MemoryStream([1])));
        await Assert.ThrowsAsync<ArgumentException>(() => store.OpenReadAsync(name));
        await Assert.ThrowsAsync<ArgumentException>(() => store.DeleteAsync(name));
        if (name.Length > 0) await Assert.ThrowsAsync<ArgumentException>(async () => await store.ListAsync(name).ToArrayAsync());
    }

    private sealed class Broken(Exception failure) : MemoryStream(new byte[100_000])
    {
        private int reads;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ++reads > 1 ? throw failure : base.ReadAsync(buffer[..1000], cancellationToken);
    }
}
