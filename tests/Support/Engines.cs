using Npgsql;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Tests.Support;

/// <summary>What every statement about storage is tested on: <c>[MemberData(nameof(Engines.All), MemberType = typeof(Engines))]</c>.</summary>
public static class Engines
{
    public const string Postgres = "PostgreSQL";

    private static readonly DatabaseTemplate Schema = new(connection => Task.Run(async () =>
    {
        await using var database = new PostgresDatabase(NpgsqlDataSource.Create(connection));
        await database.ApplySchemaAsync(CancellationToken.None);
    }).GetAwaiter().GetResult());

    public static TheoryData<string> All => new(Postgres);

    /// <summary>A database of this test's own, empty but for the schema.</summary>
    public static Task<Engine> StartAsync(string name = Postgres)
    {
        Assert.Equal(Postgres, name);
        var connection = Schema.Lend();
        var source = NpgsqlDataSource.Create(connection);
        return Task.FromResult(new Engine(new PostgresDatabase(source), connection, async () =>
        {
            await source.DisposeAsync();
            Schema.GiveBack(connection);
        }));
    }
}

/// <param name="PostgresConnection">For a whole app's <c>ConnectionStrings:Postgres</c>.</param>
public sealed record Engine(IDatabase Database, string PostgresConnection, Func<Task> End) : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await End();
}
