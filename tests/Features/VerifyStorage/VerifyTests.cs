using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.VerifyStorage;

public class VerifyTests
{
    /// <summary>Marten notes a failed append as an event of a stream that has no key.</summary>
    [Fact]
    public async Task What_Marten_notes_of_a_failed_append_is_no_problem_and_nobody_can_hide_an_event_behind_it()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await ExecuteAsync(app,
            """
            insert into mt_streams select (jsonb_populate_record(null::mt_streams, to_jsonb(s) || jsonb_build_object('id', gen_random_uuid(), 'version', 0))).* from mt_streams s limit 1
            """);
        await ExecuteAsync(app,
            """
            insert into mt_events select (jsonb_populate_record(null::mt_events, to_jsonb(e) || jsonb_build_object(
                'seq_id', nextval('mt_events_sequence'), 'id', gen_random_uuid(), 'stream_id', (select id from mt_streams where version = 0), 'type', 'tombstone', 'version', 1))).* from mt_events e limit 1
            """);
        Assert.Equal((0, "", "Checked 1 conversations and 0 files: 0 problems."), await app.CommandAsync("verify"));

        await ExecuteAsync(app, $"delete from mt_doc_stream_key where id = '{id}'");
        await ExecuteAsync(app, $"update mt_events set type = 'tombstone' where stream_id = '{id}'");
        var (exit, output, _) = await app.CommandAsync("verify");
        Assert.Equal(1, exit);
        Assert.Contains($"conversation/{id:N}", output, StringComparison.Ordinal);
    }

    private static Task<bool> ExecuteAsync(TestApp app, string sql) => app.WithAsync<IDatabase, bool>(async database =>
    {
        await database.ExecuteAsync(sql);
        return true;
    });

    [Fact]
    public async Task What_is_missing_damaged_unreadable_or_nobodys_is_named()
    {
        await using var installation = await BackedUpInstallation.StartAsync();
        await using var app = installation.App();
        var alice = await app.AliceSignsInAsync();
        var (missing, damaged, changed, lost) = (await RepliedAsync(app, alice), await RepliedAsync(app, alice), await RepliedAsync(app, alice), await RepliedAsync(app, alice));
        var erased = await RepliedAsync(app, alice);
        await app.CommandAsync("erase", $"{erased:N}", "--reason", "asked");
        var sound = await app.CommandAsync("verify");
        Assert.Equal((0, "", "Checked 4 conversations and 4 files: 0 problems."), sound);

        var gone = FileOf(installation, missing);
        File.Delete(gone);
        var flipped = FileOf(installation, damaged);
        var bytes = await File.ReadAllBytesAsync(flipped);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(flipped, bytes);
        var message = Guid.NewGuid();
        var orphan = BlobName.Of(Guid.NewGuid(), Guid.CreateVersion7(app.Time.GetUtcNow() - TimeSpan.FromDays(2)));
        var onItsWay = BlobName.Of(missing, Guid.CreateVersion7(app.Time.GetUtcNow() - TimeSpan.FromHours(20)));
        await app.WithAsync<IFileStore, bool>(async store =>
        {
            await store.WriteAsync(orphan, new MemoryStream([1]));
            await store.WriteAsync(onItsWay, new MemoryStream([1]));
            return true;
        });
        await app.WithAsync<IDatabase, bool>(async database =>
        {
            await database.ExecuteAsync("update mt_events set bdata = bdata || '\\x00' where stream_id = @id::uuid and version = 1", ("id", changed.ToString("N")));
            await database.ExecuteAsync("delete from mt_doc_stream_key where id = @id::uuid", ("id", lost.ToString("N")));
            await database.ExecuteAsync("update mt_doc_sealed set expires = 1 where type = 'Practice'");
            await database.ExecuteAsync(
                $"""
                insert into {QueuedWork.Waiting}(id, body, status, owner_id, execution_time, attempts, message_type, received_at)
                select @id, '\x0102', status, 0, execution_time, 0, message_type, received_at from {QueuedWork.Waiting} limit 1
                """, ("id", message));
            return true;
        });

        var (exit, output, error) = await app.CommandAsync("verify");

        Assert.Equal(1, exit);
        Assert.Equal(
            new[]
            {
                "unreadable\tdocument/Practice/demo", $"lost-key\tconversation/{lost:N}", $"missing-file\t{missing:N}/{Path.GetFileName(gone)}",
                $"damaged-file\t{damaged:N}/{Path.GetFileName(flipped)}", $"unreadable\tconversation/{changed:N}", $"orphan\t{orphan}", $"unreadable\tmessage/{message:N}",
            }.Order(),
            output.Split(Environment.NewLine).Order());
        Assert.EndsWith("7 problems.", error, StringComparison.Ordinal);
    }

    private static async Task<Guid> RepliedAsync(TestApp app, TestBrowser alice)
    {
        var id = await alice.AsksAsync(app);
        await app.PatRepliesAsync(id, "It is swollen", ("knee.png", SampleFiles.Png()));
        return id;
    }

    private static string FileOf(BackedUpInstallation installation, Guid conversation) =>
        Directory.GetFiles(Path.Combine(installation.Data, "files", $"{conversation:N}")).Single();
}
