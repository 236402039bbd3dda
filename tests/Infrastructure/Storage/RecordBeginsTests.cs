using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Storage;

/// <summary>A database of a version that kept no record.</summary>
public class RecordBeginsTests
{
    private static readonly string[] AsBefore =
    [
        "delete from record_blocks", "delete from record_heads", "update audit set seal = null, block = null", "update mt_doc_conversation_row set data = data - 'Seal'",
    ];

    [Fact]
    public async Task What_is_in_it_is_taken_as_it_is_at_the_first_start_and_seen_from_then_on()
    {
        await using var installation = await BackedUpInstallation.StartAsync();
        Guid id;
        await using (var app = installation.App())
            id = await (await app.AliceSignsInAsync()).AsksAsync(app);
        await ChangeAsync(installation, AsBefore);
        Directory.Delete(Path.Combine(installation.Data, "files", "checkpoints"), recursive: true);

        await using (var app = installation.App())
        {
            var alice = await app.AliceSignsInAsync();
            Assert.Contains("How is your knee today?", (await alice.GetAsync("/conversations")).Text, StringComparison.Ordinal);
            Assert.Equal(0, await app.LooksUpAsync<long>("select count(*) from mt_doc_conversation_row where data ->> 'Seal' is null"));
            await app.VerifyNamesAsync();
        }
        var first = await installation.WithDatabaseAsync(database => database.ScalarAsync<long>("select min(id) from audit"));
        await ChangeAsync(installation, [$"update audit set detail = 'nothing' where id = {first}"]);
        await using (var app = installation.App())
            Assert.StartsWith("changed\taudit/1-", Assert.Single(await app.VerifiedAsync()), StringComparison.Ordinal);
        await ChangeAsync(installation, [$"delete from mt_doc_stream_key where id = '{id}'", $"delete from mt_events where stream_id = '{id}'"]);
        await using (var app = installation.App())
            Assert.Contains($"missing\tconversation/{id:N}", await app.VerifiedAsync());
    }

    /// <summary>Otherwise whoever empties the record would have everything taken as it is.</summary>
    [Fact]
    public async Task It_begins_but_once()
    {
        await using var installation = await BackedUpInstallation.StartAsync();
        await using (var app = installation.App())
            await app.AliceSignsInAsync();
        await ChangeAsync(installation, ["delete from audit where action = 'signed in'", .. AsBefore]);

        await using (var app = installation.App())
            Assert.StartsWith("rolled-back\tcheckpoint/1-", Assert.Single(await app.VerifiedAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Processes_that_start_together_begin_it_once_and_miss_nothing_that_is_saved_meanwhile()
    {
        await using var installation = await BackedUpInstallation.StartAsync();
        await using (var app = installation.App())
            await app.AliceSignsInAsync();
        await ChangeAsync(installation, AsBefore);
        Directory.Delete(Path.Combine(installation.Data, "files", "checkpoints"), recursive: true);
        await using var writer = installation.App();
        var alice = await writer.AliceSignsInAsync();
        await ChangeAsync(installation, AsBefore);
        var others = Enumerable.Range(0, 4).Select(_ => installation.App()).ToList();
        var sent = Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
                await alice.AsksAsync(writer);
        });

        await Task.WhenAll([sent, .. others.Select(other => Task.Run(other.StartServer))]);

        Assert.Equal(1, await writer.LooksUpAsync<long>("select min(n) from record_blocks"));
        await writer.VerifyNamesAsync();
        foreach (var other in others)
            await other.DisposeAsync();
    }

    private static Task<bool> ChangeAsync(BackedUpInstallation installation, string[] statements) => installation.WithDatabaseAsync(async database =>
    {
        foreach (var sql in statements)
            await database.ExecuteAsync(sql);
        return true;
    });
}
