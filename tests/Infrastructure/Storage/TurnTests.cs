using Dapper;
using Npgsql;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Storage;

/// <summary>What one copy does at a time.</summary>
public class TurnTests
{
    [Fact]
    public async Task A_copy_that_stands_still_in_its_turn_loses_it_to_the_next()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var source = NpgsqlDataSource.Create(started.ConnectionString);
        await using var still = await source.OpenConnectionAsync();
        await using var holds = await still.BeginTransactionAsync();
        await still.TakeTurnAsync(42, holds, TimeSpan.FromMilliseconds(100));

        // Without that it would wait for ever.
        await using var next = await source.OpenConnectionAsync();
        await using var waits = await next.BeginTransactionAsync();
        await next.TakeTurnAsync(42, waits).WaitAsync(TimeSpan.FromSeconds(30));
        await waits.CommitAsync();
    }

    [Fact]
    public async Task A_turn_is_given_back_with_its_transaction_and_leaves_nothing_on_the_connection()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var source = NpgsqlDataSource.Create(started.ConnectionString);
        await using var one = await source.OpenConnectionAsync();
        await using (var transaction = await one.BeginTransactionAsync())
        {
            await one.TakeTurnAsync(42, transaction);
            Assert.Equal("1min", await one.ExecuteScalarAsync<string>("show idle_in_transaction_session_timeout"));
            await transaction.CommitAsync();
        }
        Assert.Equal("0", await one.ExecuteScalarAsync<string>("show idle_in_transaction_session_timeout"));
        await using var other = await source.OpenConnectionAsync();
        await using var its = await other.BeginTransactionAsync();
        await other.TakeTurnAsync(42, its).WaitAsync(TimeSpan.FromSeconds(30));
    }
}
