using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Files;

public sealed class FolderFileStoreTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("files-").FullName;
    private readonly Guid conversation = Guid.NewGuid();
    private readonly FolderFileStore store;

    public FolderFileStoreTests() => store = new(root, TimeProvider.System);

    public void Dispose() => Directory.Delete(root, recursive: true);

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
    public async Task The_last_blob_of_a_folder_takes_the_folder_with_it()
    {
        var name = BlobName.Of(conversation, Guid.NewGuid());
        await store.WriteAsync(name, new MemoryStream([1]));
        Assert.True(Directory.Exists(Path.Combine(root, conversation.ToString("N"))));
        await store.DeleteAsync(name);
        Assert.False(Directory.Exists(Path.Combine(root, conversation.ToString("N"))));
    }

    [Fact]
    public async Task A_list_leaves_out_what_is_on_its_way()
    {
        var name = BlobName.Erased(conversation);
        await store.WriteAsync(name, new MemoryStream([1]));
        await File.WriteAllTextAsync(Path.Combine(root, "incoming", Guid.NewGuid().ToString("N")), "");
        Assert.Equal([name], await store.ListAsync("").ToArrayAsync());
    }

    [Fact]
    public void Left_overs_of_a_crash_go_after_a_day()
    {
        var (old, young) = (Path.Combine(root, "incoming", "old"), Path.Combine(root, "incoming", "young"));
        foreach (var path in (string[])[old, young]) File.WriteAllText(path, "");
        var time = new FakeTime();
        File.SetLastWriteTimeUtc(old, time.GetUtcNow().UtcDateTime.AddHours(-25));
        File.SetLastWriteTimeUtc(young, time.GetUtcNow().UtcDateTime.AddHours(-23));
        _ = new FolderFileStore(root, time);
        Assert.False(File.Exists(old));
        Assert.True(File.Exists(young));
    }
}
