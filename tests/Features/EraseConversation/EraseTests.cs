using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PatientResponse.Features.EraseConversation;
using PatientResponse.Features.ErasureOrders;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.EraseConversation;

public class EraseTests
{
    [Fact]
    public async Task The_operator_erases_a_conversation_and_only_the_record_of_it_stays()
    {
        await using var installation = await BackedUpInstallation.StartAsync();
        await using var app = installation.App();
        var alice = await app.AliceSignsInAsync();
        var (erased, kept) = (await alice.AsksAsync(app), await alice.AsksAsync(app));
        await app.PatRepliesAsync(erased, "It is swollen", ("knee.png", SampleFiles.Png()));
        await alice.GetAsync($"/conversations/{erased:N}");
        Assert.Single(await FilesAsync(app, BlobName.FolderOf(erased)));

        Assert.Equal(1, (await app.CommandAsync("erase", $"{erased:N}")).Exit);
        Assert.Equal(1, (await app.CommandAsync("erase", $"{erased:N}", "--reason", " ")).Exit);
        Assert.Equal((0, $"erased\t{erased:N}", ""), await app.CommandAsync("erase", $"{erased:N}", "--reason", "sent to the wrong person"));
        var again = await app.CommandAsync("erase", $"{erased:N}", "--reason", "again");
        Assert.Equal((1, ""), (again.Exit, again.Output));

        Assert.Equal(HttpStatusCode.NotFound, (await alice.GetAsync($"/conversations/{erased:N}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync($"/conversations/{kept:N}")).Status);
        Assert.Empty(await FilesAsync(app, BlobName.FolderOf(erased)));
        Assert.Equal([BlobName.Erased(erased)], await FilesAsync(app, BlobName.ErasedFolder));
        await app.DoQueuedWorkAsync();
        var database = app.Services.GetRequiredService<IDatabase>();
        var subject = new { id = erased.ToString("N") };
        Assert.Equal(["sent to the wrong person"], await database.QueryAsync<string>("select detail from audit where subject = @id and action = 'erased' and actor = 'operator'", subject, CancellationToken.None));
        Assert.NotEqual(0, await database.CountAsync("audit where subject = @id and action = 'viewed'", subject));
        Assert.Equal(["operator"], await database.QueryAsync<string>("select data ->> 'Actor' from mt_events where stream_id = @id::uuid and type = 'erased'", subject, CancellationToken.None));
    }

    [Fact]
    public async Task What_was_erased_stays_erased_when_an_older_backup_is_brought_back()
    {
        await using var installation = await BackedUpInstallation.StartAsync();
        Guid erased, kept;
        await using (var app = installation.App())
        {
            var alice = await app.AliceSignsInAsync();
            (erased, kept) = (await alice.AsksAsync(app), await alice.AsksAsync(app));
            await app.PatRepliesAsync(erased, "It is swollen", ("knee.png", SampleFiles.Png()));
            await app.DoQueuedWorkAsync();
        }
        await installation.BackUpAsync();
        await using (var app = installation.App())
            Assert.Equal(0, (await app.CommandAsync("erase", $"{erased:N}", "--reason", "asked")).Exit);
        await installation.RestoreAsync();
        var key = await installation.WithDatabaseAsync(database => database.ScalarAsync<byte[]>("select decode(data ->> 'Wrapped', 'base64') from mt_doc_stream_key where id = @id::uuid", new { id = erased.ToString("N") }));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(installation.Data, "files", $"{erased:N}")));

        await using (var app = installation.App())
        {
            var alice = await app.AliceSignsInAsync();
            Assert.Equal(HttpStatusCode.NotFound, (await alice.GetAsync($"/conversations/{erased:N}")).Status);
            Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync($"/conversations/{kept:N}")).Status);
            Assert.Empty(await FilesAsync(app, BlobName.FolderOf(erased)));
            Assert.Contains(Erasure.BroughtBack, await app.AuditedAsync("erased"));
        }
        await installation.WithDatabaseAsync(async database =>
        {
            Assert.Equal(0, await database.CountAsync("mt_doc_stream_key where id = @id::uuid", new { id = erased.ToString("N") }));
            Assert.Equal(0, await database.CountAsync("mt_events where stream_id = @id::uuid and type <> 'erased' and (length(bdata) > 0 or data <> '{}')", new { id = erased.ToString("N") }));
            Assert.False((await StoredBytes.OfAsync(database)).Holds(key));
            return true;
        });
    }

    [Fact]
    public async Task The_restore_check_names_what_it_erases_and_leaves_the_rest()
    {
        await using var installation = await BackedUpInstallation.StartAsync();
        await using var app = installation.App();
        var alice = await app.AliceSignsInAsync();
        var (marked, other) = (await alice.AsksAsync(app), await alice.AsksAsync(app));
        await app.WithAsync<IFileStore, bool>(async store =>
        {
            var keyring = app.Services.GetRequiredService<Keyring>();
            foreach (var id in new[] { marked, Guid.NewGuid() })
                await ErasureMarkers.WriteAsync(store, id, new ErasureOrder(id, "asked", "operator", app.Time.GetUtcNow()).Sign(keyring), default);
            return true;
        });

        Assert.Equal((0, $"erased\t{marked:N}", ""), await app.CommandAsync("restore-check"));
        Assert.Equal((0, "", ""), await app.CommandAsync("restore-check"));

        Assert.Equal(HttpStatusCode.NotFound, (await alice.GetAsync($"/conversations/{marked:N}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync($"/conversations/{other:N}")).Status);
    }

    [Fact]
    public async Task Nobody_serves_while_it_is_not_known_what_was_erased()
    {
        await using var app = new TestApp();
        var check = ActivatorUtilities.CreateInstance<RestoreCheck>(app.Services, new Away());

        Assert.Contains("cannot be read", await check.PrepareAsync(CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_file_store_is_away_the_words_are_erased_at_once_and_the_files_later()
    {
        var store = new Away();
        await using var app = new TestApp
        {
            Replace = services =>
            {
                var real = services.Single(service => service.ServiceType == typeof(IFileStore));
                services.Remove(real);
                services.Add(new(typeof(IFileStore), provider => { store.Real ??= (IFileStore)real.ImplementationFactory!(provider); return store; }, ServiceLifetime.Singleton));
            },
        };
        store.IsAway = false;
        var alice = await app.AliceSignsInAsync();
        var erased = await alice.AsksAsync(app);
        await app.PatRepliesAsync(erased, "It is swollen", ("knee.png", SampleFiles.Png()));
        await app.DoQueuedWorkAsync();

        store.IsAway = true;
        var (exit, _, error) = await app.CommandAsync("erase", $"{erased:N}", "--reason", "asked");
        Assert.Equal(1, exit);
        Assert.Contains("could not be deleted now", error, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await alice.GetAsync($"/conversations/{erased:N}")).Status);
        store.IsAway = false;
        Assert.Single(await FilesAsync(app, BlobName.FolderOf(erased)));
        await app.DoQueuedWorkAsync();

        Assert.Empty(await FilesAsync(app, BlobName.FolderOf(erased)));
        Assert.Equal([BlobName.Erased(erased)], await FilesAsync(app, BlobName.ErasedFolder));
    }

    private static Task<List<string>> FilesAsync(TestApp app, string prefix) => app.WithAsync<IFileStore, List<string>>(async store =>
    {
        var names = new List<string>();
        await foreach (var name in store.ListAsync(prefix))
            names.Add(name);
        return names;
    });

    /// <summary>A store that comes and goes.</summary>
    private sealed class Away : IFileStore
    {
        public bool IsAway { get; set; } = true;

        public IFileStore? Real { get; set; }

        public Task WriteAsync(string name, Stream content, CancellationToken cancellation = default) => Store.WriteAsync(name, content, cancellation);

        public Task<Stream> OpenReadAsync(string name, CancellationToken cancellation = default) => Store.OpenReadAsync(name, cancellation);

        public Task DeleteAsync(string name, CancellationToken cancellation = default) => Store.DeleteAsync(name, cancellation);

        public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellation = default) => Store.ListAsync(prefix, cancellation);

        private IFileStore Store => IsAway ? throw new FileStoreUnavailableException(new IOException()) : Real!;
    }
}
