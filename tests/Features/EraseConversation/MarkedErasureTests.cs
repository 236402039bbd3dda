using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PatientResponse.Features.EraseConversation;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.EraseConversation;

public class MarkedErasureTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public async Task The_operator_sees_what_is_marked_and_when_it_goes_and_keeps_one_for_as_long_as_if_it_had_been_sent_now()
    {
        await using var app = new TestApp { Settings = { ["Retention:Days"] = "30" } };
        var (kept, gone) = (await OldAsync(app, 40), await OldAsync(app, 50));
        Assert.Equal((0, "", ""), await app.CommandAsync("erase", "--marked"));
        Assert.Equal(1, (await app.CommandAsync("erase", "--undo", $"{kept:N}")).Exit);
        await SweepAsync(app);
        Assert.Equal(
            (0, $"{gone:N}\tdemo\t2026-01-11T09:30:00Z\t2026-03-03T09:30:00Z{Environment.NewLine}{kept:N}\tdemo\t2026-01-21T09:30:00Z\t2026-03-03T09:30:00Z", ""),
            await app.CommandAsync("erase", "--marked"));

        Assert.Equal((0, $"kept\t{kept:N}", ""), await app.CommandAsync("erase", "--undo", $"{kept:N}"));
        Assert.Equal(1, (await app.CommandAsync("erase", "--undo", $"{kept:N}")).Exit);
        Assert.Equal($"{kept:N}\tdemo\t2026-01-21T09:30:00Z\tkept", (await app.CommandAsync("erase", "--marked")).Output.Split(Environment.NewLine)[1]);
        app.Time.Advance(Day);
        await SweepAsync(app);

        Assert.Equal([kept], await LivingAsync(app));
        Assert.Equal(2, (await app.AuditedAsync("marked for erasure")).Count);
        Assert.Single(await app.AuditedAsync("kept from erasure"));
        app.Time.Advance(28 * Day);
        await SweepAsync(app);
        Assert.EndsWith("\tkept", (await app.CommandAsync("erase", "--marked")).Output, StringComparison.Ordinal);
        app.Time.Advance(2 * Day);
        await SweepAsync(app);
        Assert.Equal([kept], await LivingAsync(app));
        app.Time.Advance(Day);
        await SweepAsync(app);
        Assert.Empty(await LivingAsync(app));
    }

    [Fact]
    public async Task All_that_are_marked_are_kept_by_one_command_and_marks_go_where_a_practice_keeps_longer()
    {
        await using var app = new TestApp { Settings = { ["Retention:Days"] = "30" } };
        var ids = new[] { await OldAsync(app, 40), await OldAsync(app, 50) };
        await SweepAsync(app);
        await app.CommandAsync("practice", "set", "demo", "--retention-days", "45");
        await SweepAsync(app);
        Assert.Single((await app.CommandAsync("erase", "--marked")).Output.Split(Environment.NewLine));
        Assert.Single(await app.AuditedAsync("not marked for erasure any more"));

        Assert.Equal((0, $"kept\t{ids[1]:N}", ""), await app.CommandAsync("erase", "--undo", "--all"));
        app.Time.Advance(2 * Day);
        await SweepAsync(app);
        Assert.Equal(2, (await LivingAsync(app)).Count);
    }

    [Fact]
    public async Task More_than_a_share_at_once_waits_for_the_operators_word()
    {
        var log = new LogCapture();
        await using var app = new TestApp { Settings = { ["Retention:Days"] = "30", ["Retention:PercentAtOnce"] = "20" }, Replace = services => services.AddSingleton<ILoggerProvider>(log) };
        using var measured = new Measured(app);
        for (var i = 0; i < 50; i++)
            await OldAsync(app, 5);
        for (var i = 0; i < 16; i++)
            await OldAsync(app, 40);
        await SweepAsync(app);
        app.Time.Advance(Day);
        await SweepAsync(app);
        await SweepAsync(app);

        Assert.Equal(66, (await LivingAsync(app)).Count);
        Assert.Single(log.Errors, line => line.Contains("16 of 66 conversations of practice demo are to be erased at once, more than 20 %", StringComparison.Ordinal));
        Assert.Equal(16, measured.Gauge("erasures.held"));
        Assert.Equal((0, "erased\t16", ""), await app.CommandAsync("erase", "--release"));
        Assert.Equal(50, (await LivingAsync(app)).Count);
        await SweepAsync(app);
        Assert.Equal(0, measured.Gauge("erasures.held"));
    }

    [Fact]
    public async Task A_share_or_less_goes_by_itself()
    {
        await using var app = new TestApp { Settings = { ["Retention:Days"] = "30", ["Retention:PercentAtOnce"] = "20" } };
        for (var i = 0; i < 50; i++)
            await OldAsync(app, 5);
        for (var i = 0; i < 12; i++)
            await OldAsync(app, 40);
        await SweepAsync(app);
        app.Time.Advance(Day);
        await SweepAsync(app);

        Assert.Equal(50, (await LivingAsync(app)).Count);
    }

    [Theory]
    [InlineData(0, 10, 10)]
    [InlineData(99, 10, 10)]
    [InlineData(1_000, 10, 100)]
    [InlineData(1_000, 1, 10)]
    [InlineData(1_000, 100, 1_000)]
    public void In_a_small_practice_some_always_go(long conversations, int percent, long most) =>
        Assert.Equal(most, RetentionHandler.MostAtOnce(conversations, percent));

    [Fact]
    public async Task What_is_kept_while_it_is_being_erased_is_kept_or_was_too_late()
    {
        var held = new HeldSave();
        await using var app = new TestApp { Replace = held.Use, Settings = { ["Retention:Days"] = "30" } };
        var id = await OldAsync(app, 40);
        await SweepAsync(app);
        app.Time.Advance(Day);
        held.HoldNext(change => change.Parameters.ContainsKey("erased"));

        var sweeping = SweepAsync(app);
        await held.Reached;
        Assert.Equal((0, $"kept\t{id:N}", ""), await app.CommandAsync("erase", "--undo", $"{id:N}"));
        held.Release();
        await sweeping;

        Assert.Equal([id], await LivingAsync(app));
    }

    [Fact]
    public void A_mark_of_a_day_to_come_is_a_wrong_clocks_and_counts_for_nothing()
    {
        var (conversation, now) = (Given.Conversation(Given.Asked, Given.Replied), Given.SentAt + 400 * Day);
        RetentionStep Step(DateTimeOffset markedAt) => RetentionHandler.Decide(conversation, ErasureMark.New(Given.Id, markedAt), now - 30 * Day, now);

        Assert.Equal(RetentionStep.Erase, Step(now - Day));
        Assert.Equal(RetentionStep.Nothing, Step(now - Day + TimeSpan.FromMilliseconds(1)));
        Assert.Equal(RetentionStep.Nothing, Step(now));
        Assert.Equal(RetentionStep.Mark, Step(now + 40 * Day));
        Assert.Equal(RetentionStep.Unmark, RetentionHandler.Decide(conversation, ErasureMark.New(Given.Id, now), Given.SentAt, now));
        Assert.Equal(RetentionStep.Unmark, RetentionHandler.Decide(conversation, ErasureMark.New(Given.Id, now), null, now));
    }

    [Theory]
    [InlineData]
    [InlineData("--undo")]
    [InlineData("--undo", "--marked")]
    [InlineData("--release", "--marked")]
    [InlineData("--all")]
    [InlineData("11111111111111111111111111111111")]
    [InlineData("11111111111111111111111111111111", "--undo", "--reason", "asked")]
    [InlineData("11111111111111111111111111111111", "--release")]
    public async Task A_command_that_says_two_things_or_none_does_nothing(params string[] words)
    {
        await using var app = new TestApp { Settings = { ["Retention:Days"] = "30" } };
        var (exit, output, error) = await app.CommandAsync(["erase", .. words]);
        Assert.Equal((1, ""), (exit, output));
        Assert.StartsWith("Nothing was erased: give a conversation's id", error, StringComparison.Ordinal);
    }

    private static async Task<Guid> OldAsync(TestApp app, int days)
    {
        var id = Guid.NewGuid();
        await app.StartAsync(TestCopy.Message(id, app.Time.GetUtcNow() - days * Day) with { PracticeId = "demo", At = app.Time.GetUtcNow() - days * Day });
        return id;
    }

    private static Task<IReadOnlyList<Guid>> LivingAsync(TestApp app) =>
        app.WithAsync<IDatabase, IReadOnlyList<Guid>>(database => database.QueryAsync<Guid>("select id from mt_doc_stream_key order by id", null, CancellationToken.None));

    private static Task<bool> SweepAsync(TestApp app) => app.WithAsync<Sweeper, bool>(async sweeper =>
    {
        await sweeper.SweepAsync(CancellationToken.None);
        return true;
    });
}
