using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PatientResponse.Features;
using PatientResponse.Features.EraseConversation;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.EraseConversation;

public class RetentionTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public async Task Conversations_past_their_practices_days_are_erased_with_their_files_and_no_others()
    {
        await using var installation = await BackedUpInstallation.StartAsync();
        await using var app = installation.App();
        await app.CommandAsync("practice", "set", "demo", "--retention-days", "30");
        var alice = await app.AliceSignsInAsync();
        await app.CharlieSignsInAsync();
        var (old, elsewhere) = (await alice.AsksAsync(app), Guid.NewGuid());
        await app.StartAsync(TestCopy.Message(elsewhere, app.Time.GetUtcNow()) with { PracticeId = "riverside" });
        await app.PatRepliesAsync(old, "It is swollen", ("knee.png", SampleFiles.Png()));
        app.Time.Advance(Day);
        alice = await app.AliceSignsInAsync();
        var young = await alice.AsksAsync(app);
        app.Time.Advance(29 * Day);
        await SweepAsync(app);
        Assert.Equal(3, await CountAsync(app, "mt_doc_stream_key"));

        app.Time.Advance(TimeSpan.FromSeconds(1));
        await SweepAsync(app);
        app.Time.Advance(Day - TimeSpan.FromSeconds(1));
        await SweepAsync(app);
        Assert.Equal(3, await CountAsync(app, "mt_doc_stream_key"));

        app.Time.Advance(TimeSpan.FromSeconds(1));
        await SweepAsync(app);
        await app.DoQueuedWorkAsync();

        Assert.Equal(1, await CountAsync(app, "mt_events where type = 'erased' and stream_id = @id::uuid", old));
        Assert.Equal(1, await CountAsync(app, "mt_doc_stream_key where id = @id::uuid", young));
        Assert.Equal(1, await CountAsync(app, "mt_doc_stream_key where id = @id::uuid", elsewhere));
        Assert.Equal([Erasure.PastRetention], await app.AuditedAsync("erased"));
        Assert.Empty(Directory.Exists(Path.Combine(installation.Data, "files", $"{old:N}")) ? Directory.GetFiles(Path.Combine(installation.Data, "files", $"{old:N}")) : []);
        Assert.True(File.Exists(Path.Combine(installation.Data, "files", BlobName.Erased(old))));
    }

    [Fact]
    public async Task Several_copies_sweep_at_once_and_each_conversation_is_erased_once_and_counted_once()
    {
        await using var installation = await BackedUpInstallation.StartAsync();
        await using var app = installation.App(("Retention:Days", "40"), ("Retention:PercentAtOnce", "100"));
        await app.AliceSignsInAsync();
        for (var i = 0; i < 120; i++)
            await app.StartAsync(TestCopy.Message(Guid.NewGuid(), app.Time.GetUtcNow() - 41 * Day) with { PracticeId = "demo" });
        var log = new LogOfSweep();

        await SweepAllAsync();
        Assert.Equal(120, log.Lines.Where(line => line.Contains("marked", StringComparison.Ordinal)).Sum(Number));
        Assert.Equal(120, (await app.AuditedAsync("marked for erasure")).Count);
        Assert.Equal(120, await CountAsync(app, "mt_doc_stream_key"));
        log = new();
        app.Time.Advance(Day);
        await SweepAllAsync();

        Assert.Equal(0, await CountAsync(app, "mt_doc_stream_key"));
        Assert.Equal(120, await CountAsync(app, "mt_events where type = 'erased'"));
        Assert.Equal(120, (await app.AuditedAsync("erased")).Count);
        Assert.NotEmpty(log.Lines);
        Assert.All(log.Lines, line => Assert.Matches("^Past retention: [0-9]+ conversations erased$", line));
        Assert.Equal(120, log.Lines.Sum(Number));

        Task SweepAllAsync() => Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            await using var scope = app.Services.CreateAsyncScope();
            await ActivatorUtilities.CreateInstance<RetentionSweep>(scope.ServiceProvider, log).SweepAsync(app.Time.GetUtcNow(), CancellationToken.None);
        })));

        static int Number(string line) => int.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_conversation_that_cannot_be_read_does_not_keep_the_others()
    {
        await using var app = new TestApp { Settings = { ["Retention:Days"] = "30" } };
        await app.AliceSignsInAsync();
        var damaged = Guid.NewGuid();
        await app.StartAsync(TestCopy.Message(damaged, app.Time.GetUtcNow() - 50 * Day) with { PracticeId = "demo" });
        await app.StartAsync(TestCopy.Message(Guid.NewGuid(), app.Time.GetUtcNow() - 40 * Day) with { PracticeId = "demo" });
        await app.WithAsync<IDatabase, bool>(async database =>
        {
            await database.ExecuteAsync("update mt_events set bdata = bdata || '\\x00' where stream_id = @id::uuid", ("id", damaged.ToString("N")));
            return true;
        });

        await SweepAsync(app);
        app.Time.Advance(Day);
        await SweepAsync(app);

        Assert.Equal(1, await CountAsync(app, "mt_doc_stream_key where id = @id::uuid", damaged));
        Assert.Equal(1, await CountAsync(app, "mt_doc_stream_key"));
    }

    [Fact]
    public async Task What_was_written_to_since_it_was_read_is_decided_on_again()
    {
        var held = new HeldSave();
        await using var app = new TestApp { Replace = held.Use, Settings = { ["Retention:Days"] = "30" } };
        await app.AliceSignsInAsync();
        var id = Guid.NewGuid();
        await app.StartAsync(TestCopy.Message(id, app.Time.GetUtcNow() - 40 * Day) with { PracticeId = "demo", Token = null });
        await app.AppendAsync(id, new SmsAttempted(Guid.NewGuid(), app.Time.GetUtcNow()), new SmsAccepted(Guid.Empty, "", app.Time.GetUtcNow()));
        await app.AppendAsync(id, new SmsFailed((await app.ConversationAsync(id)).LastAttempt, PatientResponse.Infrastructure.Sms.SmsFailure.Other, app.Time.GetUtcNow()));
        await SweepAsync(app);
        app.Time.Advance(Day);
        held.HoldNext(change => change.Parameters.ContainsKey("erased"));

        var sweeping = SweepAsync(app);
        await held.Reached;
        await app.AppendAsync(id, new SmsSentAgain("Once more", null, app.Time.GetUtcNow()));
        held.Release();
        await sweeping;

        Assert.Equal("Once more", (await app.ConversationAsync(id)).Sms);
    }

    [Fact]
    public void What_can_be_answered_or_is_on_its_way_is_never_due()
    {
        var later = Given.SentAt + 400 * Day;
        Assert.Equal(RetentionStep.Mark, RetentionHandler.Decide(Given.Conversation(Given.Asked, Given.Replied), null, later - 30 * Day, later));
        Assert.Equal(RetentionStep.Nothing, RetentionHandler.Decide(Given.Conversation(Given.Asked, Given.Replied), null, Given.SentAt, later));
        Assert.Equal(RetentionStep.Nothing, RetentionHandler.Decide(Given.Conversation(Given.Told), null, later - 30 * Day, later));
        Assert.Equal(RetentionStep.Nothing, RetentionHandler.Decide(Given.Conversation(Given.Asked), null, Given.SentAt + Day, Given.SentAt + 6 * Day));
        Assert.Equal(RetentionStep.Mark, RetentionHandler.Decide(Given.Conversation(Given.Asked), null, Given.SentAt + Day, Given.SentAt + 7 * Day));
    }

    [Fact]
    public void The_installations_days_count_where_a_practice_says_nothing()
    {
        var rules = new InstallationRules(new ConfigurationManager { ["Retention:Days"] = "365" });
        Assert.Equal(365, rules.Of(new Practice()).RetentionDays);
        Assert.Equal(90, rules.Of(new Practice { RetentionDays = 90 }).RetentionDays);
        Assert.Null(new InstallationRules(new ConfigurationManager { ["Retention:Days"] = "keep" }).Of(new Practice()).RetentionDays);
    }

    [Fact]
    public async Task The_settings_page_says_what_will_happen()
    {
        await using var app = new TestApp { Settings = { ["Retention:Days"] = "365" } };
        var alice = await app.AliceSignsInAsync();
        var text = (await alice.GetAsync("/practice")).Text;
        Assert.Contains("counted from the day the message is sent. After that, the message, the reply and its files are erased for good", text, StringComparison.Ordinal);
        Assert.Contains("Leave it empty for 365", text, StringComparison.Ordinal);
    }

    private static Task<bool> SweepAsync(TestApp app) => app.WithAsync<Sweeper, bool>(async sweeper =>
    {
        await sweeper.SweepAsync(CancellationToken.None);
        return true;
    });

    private static Task<long> CountAsync(TestApp app, string from, Guid id = default) =>
        app.WithAsync<IDatabase, long>(database => database.CountAsync(from, new { id = id.ToString("N") }));

    private sealed class LogOfSweep : ILogger<RetentionSweep>
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines => _lines;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
                _lines.Add(formatter(state, exception));
        }
    }
}
