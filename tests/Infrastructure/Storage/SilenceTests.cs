using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Storage;

/// <summary>What Marten says of commands, where it is given a log to say it in.</summary>
public sealed class SilenceTests
{
    private const string Secret = "Jane Roebuck";

    [Fact]
    public async Task No_log_holds_what_a_command_was_about_whether_it_failed_or_not()
    {
        await using var started = await TestDatabase.StartAsync();

        Assert.Contains($": {Secret}", await LoggedAsync(started.ConnectionString, _ => { }), StringComparison.Ordinal);

        Assert.Equal("", await LoggedAsync(started.ConnectionString, MartenSettings.Apply));
    }

    private static async Task<string> LoggedAsync(string connection, Action<StoreOptions> settings)
    {
        using var log = new LogCapture();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        services.AddMarten(options =>
        {
            options.Connection(connection);
            settings(options);
        });
        await using var provider = services.BuildServiceProvider();
        var store = provider.GetRequiredService<IDocumentStore>();
        foreach (var (sql, fails) in new[] { ("select where ? = 'somebody'", false), ("select 1 / 0 where ? <> 'somebody'", true) })
        {
            await using var session = store.LightweightSession();
            session.QueueSqlCommand(sql, Secret);
            Assert.Equal(fails, await Record.ExceptionAsync(() => session.SaveChangesAsync()) is not null);
            Assert.Equal(fails, await Record.ExceptionAsync(() => session.AdvancedSql.QueryAsync<int>(sql.Replace("select where", "select 1 where", StringComparison.Ordinal), CancellationToken.None, Secret)) is not null);
        }
        return log.All;
    }
}
