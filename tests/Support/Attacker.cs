using Microsoft.Extensions.DependencyInjection;
using PatientResponse.Infrastructure.Files.Checkpoints;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Tests.Support;

/// <summary>Somebody who can write to the database, and has no key.</summary>
public static class Attacker
{
    /// <summary>The rows of a conversation, and of a document, to be put back later.</summary>
    private static readonly (string Table, string Of)[] Kept =
    [
        ("mt_streams", "id = '{0}'"), ("mt_events", "stream_id = '{0}'"), ("mt_doc_stream_key", "id = '{0}'"), ("mt_doc_conversation_row", "id = '{0}'"), ("mt_doc_link", "stream = '{0}'"),
    ];

    public static Task<bool> ChangesAsync(this TestApp app, params string[] statements) => app.WithAsync<IDatabase, bool>(async database =>
    {
        foreach (var sql in statements)
            await database.ExecuteAsync(sql);
        return true;
    });

    public static Task<T> LooksUpAsync<T>(this TestApp app, string sql) => app.WithAsync<IDatabase, T>(database => database.ScalarAsync<T>(sql));

    /// <summary>Keeps what there is of a conversation.</summary>
    public static Task CopiesAsync(this TestApp app, Guid conversation) => app.ChangesAsync(
        ["create schema loot", .. Kept.Select(kept => $"create table loot.{kept.Table} as select * from {kept.Table} where {string.Format(null, kept.Of, conversation)}")]);

    /// <summary>Puts back what was kept of it.</summary>
    public static Task PutsBackAsync(this TestApp app, Guid conversation) => app.ChangesAsync(
    [
        .. Kept.Where(kept => kept.Table != "mt_doc_stream_key").Reverse().Select(kept => $"delete from {kept.Table} where {string.Format(null, kept.Of, conversation)}"),
        .. Kept.Select(kept => $"insert into {kept.Table} select * from loot.{kept.Table} on conflict do nothing"),
    ]);

    /// <summary>Deletes everything that there is of it.</summary>
    public static Task DeletesAsync(this TestApp app, Guid conversation) =>
        app.ChangesAsync([.. Kept.Reverse().Select(kept => $"delete from {kept.Table} where {string.Format(null, kept.Of, conversation)}")]);

    /// <summary>The record as the copies keep it every few seconds.</summary>
    public static Task KeepsItsRecordAsync(this TestApp app, bool withCheckpoint = false) =>
        app.Services.GetRequiredService<RecordKeeper>().KeepAsync(withCheckpoint, CancellationToken.None);

    /// <summary>These lines and no others.</summary>
    public static async Task VerifyNamesAsync(this TestApp app, params string[] lines) => Assert.Equal(lines, await app.VerifiedAsync());

    /// <summary>What <c>verify</c> prints.</summary>
    public static async Task<string[]> VerifiedAsync(this TestApp app)
    {
        var (exit, output, _) = await app.CommandAsync("verify");
        Assert.Equal(output == "" ? 0 : 1, exit);
        return output == "" ? [] : output.Split(Environment.NewLine);
    }
}
