using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features;

/// <summary>A clock, or all of them, are 40 days ahead for a while.</summary>
public class WrongClockTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Wrong = 40 * Day;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task One_wrong_clock_erases_nothing_expires_nothing_and_takes_no_draft(bool own, bool databases)
    {
        var log = new LogCapture();
        await using var app = new TestApp { Settings = { ["Retention:Days"] = "30" }, Replace = services => services.AddSingleton<ILoggerProvider>(log) };
        using var measured = new Measured(app);
        var (alice, asked, replied, pat) = await SomeAsync(app);

        await MoveAsync(app, Wrong, own || databases ? [own ? "own" : "database's"] : []);
        await HourAsync(app, asked, replied);
        app.Time.Advance(Day);
        await HourAsync(app, asked, replied);

        var isWrong = own || databases;
        // The premise: where time itself has passed, all of it happens.
        Assert.Equal(isWrong, await IsThereAsync(app, replied));
        Assert.Equal(isWrong ? ConversationStatus.Open : ConversationStatus.Expired, (await StatusAsync(app, asked)) ?? ConversationStatus.Expired);
        Assert.Equal(isWrong, (await FilesAsync(app, asked)).Count == 1);
        // To be told the next morning, if it is still there.
        Assert.Equal(isWrong ? 0 : 1, await app.WithAsync<IDatabase, long>(database => database.CountAsync("mt_doc_sealed where type = 'UnansweredEmail'")));
        Assert.Equal(isWrong ? 0 : 2, (await app.AuditedAsync("marked for erasure")).Count);
        Assert.Equal(isWrong ? 1 : 0, log.Errors.Count(line => line.Contains("clock is wrong", StringComparison.Ordinal)));
        Assert.Equal(isWrong ? 1 : 0, measured.Gauge("clock.doubt"));
        if (!isWrong)
            return;

        // Whoever is signed in stays so, the link neither died nor asks for the date of birth again, and an answer arrives.
        Assert.Equal(HttpStatusCode.OK, (await app.PatConfirmsAsync($"/r/{(await app.ConversationAsync(asked)).Token}")).Page.Status);
        await MoveAsync(app, (own ? -Wrong : TimeSpan.Zero) - Day + TimeSpan.FromMinutes(2), []);
        Assert.Equal($"/conversations/{asked:N}", (await alice.GetAsync($"/conversations/{asked:N}")).Address.AbsolutePath);
        await pat.AnswersAsync("Better");
        Assert.Equal("Better", (await app.ConversationAsync(asked)).Reply!.Text);
        Assert.Equal(0, measured.Gauge("clock.doubt"));
    }

    [Fact]
    public async Task Clocks_that_jump_together_erase_and_expire_nothing_for_a_day_and_nothing_at_all_when_they_are_put_right()
    {
        var log = new LogCapture();
        await using var app = new TestApp { Settings = { ["Retention:Days"] = "30" }, Replace = services => services.AddSingleton<ILoggerProvider>(log) };
        var (_, asked, replied, _) = await SomeAsync(app);
        app.OtherClocks.Record = new(app.Time.GetUtcNow());

        app.Time.Advance(Wrong);
        await HourAsync(app, asked, replied);
        app.Time.Advance(Day - TimeSpan.FromMinutes(1));
        await HourAsync(app, asked, replied);
        Assert.Equal(ConversationStatus.Open, await StatusAsync(app, asked));
        Assert.Single(await FilesAsync(app, asked));
        Assert.Equal((0, "", ""), await app.CommandAsync("erase", "--marked"));
        Assert.Equal((1, "", "Nothing was erased: the clocks are in doubt, as the log says."), await app.CommandAsync("erase", "--release"));
        Assert.Single(log.Errors, line => line.Contains("The clocks have jumped", StringComparison.Ordinal));

        app.Time.Advance(-Wrong - Day + TimeSpan.FromMinutes(1));
        await HourAsync(app, asked, replied);
        app.Time.Advance(Day);
        await HourAsync(app, asked, replied);
        Assert.Equal(ConversationStatus.Open, await StatusAsync(app, asked));
        Assert.True(await IsThereAsync(app, replied));
        Assert.Empty(await app.AuditedAsync("marked for erasure"));
    }

    [Fact]
    public async Task Where_nothing_ran_for_40_days_it_takes_a_day_to_expire_and_another_to_erase()
    {
        await using var app = new TestApp { Settings = { ["Retention:Days"] = "30" } };
        var (_, asked, replied, _) = await SomeAsync(app);
        app.OtherClocks.Record = new(app.Time.GetUtcNow());

        app.Time.Advance(Wrong);
        await HourAsync(app, asked, replied);
        app.Time.Advance(Day);
        await HourAsync(app, asked, replied);
        Assert.Equal(ConversationStatus.Expired, await StatusAsync(app, asked));
        Assert.Empty(await FilesAsync(app, asked));
        Assert.True(await IsThereAsync(app, replied));
        Assert.Equal(2, (await app.AuditedAsync("marked for erasure")).Count);

        app.Time.Advance(Day);
        await HourAsync(app, asked, replied);
        Assert.False(await IsThereAsync(app, replied));
    }

    [Fact]
    public async Task Marks_that_a_wrong_clock_made_go_when_it_is_put_right()
    {
        await using var app = new TestApp { Settings = { ["Retention:Days"] = "30" } };
        var (_, asked, replied, _) = await SomeAsync(app);
        // Believed: the premise is that both are marked.
        app.Time.Advance(Wrong);
        await HourAsync(app, asked, replied);
        Assert.Equal(2, (await app.CommandAsync("erase", "--marked")).Output.Split(Environment.NewLine).Length);

        app.Time.Advance(-Wrong);
        await HourAsync(app, asked, replied);

        Assert.Equal((0, "", ""), await app.CommandAsync("erase", "--marked"));
        Assert.True(await IsThereAsync(app, replied));
    }

    /// <summary>A request that waits for an answer, of which a file has come, and one with its reply.</summary>
    private static async Task<(TestBrowser Alice, Guid Asked, Guid Replied, TestBrowser Pat)> SomeAsync(TestApp app)
    {
        var alice = await app.AliceSignsInAsync();
        var (asked, replied) = (await alice.AsksAsync(app), await alice.AsksAsync(app));
        await app.PatRepliesAsync(replied, "It is swollen", ("knee.png", SampleFiles.Png()));
        var pat = await app.PatOpensAsync($"/r/{(await app.ConversationAsync(asked)).Token}");
        await pat.AddsAsync("knee.png", SampleFiles.Png());
        Assert.Single(await FilesAsync(app, asked));
        await app.DoQueuedWorkAsync();
        return (alice, asked, replied, pat);
    }

    /// <summary>Moves the clocks, as the next check of a process that serves would find them.</summary>
    private static async Task MoveAsync(TestApp app, TimeSpan by, string[] alone)
    {
        app.Time.Advance(alone is ["database's"] ? TimeSpan.Zero : by);
        app.OtherClocks.DatabaseIsAhead = alone switch { ["own"] => -by, ["database's"] => by, _ => TimeSpan.Zero };
        app.OtherClocks.Record = alone is [] ? null : new(app.Time.GetUtcNow() - (alone is ["own"] ? by : TimeSpan.Zero));
        await app.Services.GetRequiredService<Clocks>().CheckAsync(CancellationToken.None);
    }

    /// <summary>What a process does each hour, and what its queue would give it to do while this machine's clock runs ahead.</summary>
    private static async Task HourAsync(TestApp app, params Guid[] conversations)
    {
        await app.WithAsync<IDocumentSession, bool>(async session =>
        {
            OutgoingMessages messages = [];
            foreach (var id in conversations)
            {
                messages.Add(new ExpireConversation(id));
                messages.Add(new TidyDrafts(id));
            }
            session.Publish(messages);
            await session.SaveChangesAsync();
            return true;
        });
        await app.DoQueuedWorkAsync();
        await app.WithAsync<Sweeper, bool>(async sweeper =>
        {
            await sweeper.SweepAsync(CancellationToken.None);
            return true;
        });
        await app.DoQueuedWorkAsync();
    }

    private static Task<bool> IsThereAsync(TestApp app, Guid id) => app.WithAsync<IDocumentSession, bool>(session => session.Events.ExistsAsync(id));

    private static Task<ConversationStatus?> StatusAsync(TestApp app, Guid id) => app.WithAsync<IDocumentSession, ConversationStatus?>(async session =>
        (await session.Events.FetchForWriting<Conversation>(id))?.Aggregate.Status);

    private static Task<List<string>> FilesAsync(TestApp app, Guid id) => app.WithAsync<IFileStore, List<string>>(async store =>
    {
        var names = new List<string>();
        await foreach (var name in store.ListAsync(BlobName.FolderOf(id)))
            names.Add(name);
        return names;
    });
}
