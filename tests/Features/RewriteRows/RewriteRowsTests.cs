using Microsoft.Extensions.Logging.Abstractions;
using PatientResponse.Features;
using PatientResponse.Features.RewriteRows;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.RewritingRows;

/// <summary>A database of the version before: its rows say neither what is to be done nor what the patient wrote.</summary>
public class RewriteRowsTests
{
    [Fact]
    public async Task Rows_of_an_earlier_version_are_listed_meanwhile_and_written_anew()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        await app.PatRepliesAsync(id, "Much better");
        await alice.GetAsync($"/conversations/{id:N}");
        await AgeAsync(app, id);
        var page = await alice.GetAsync("/conversations");
        Assert.Single(page.Html.QuerySelectorAll($"[data-id='{id:N}']"));
        Assert.Null(page.Html.QuerySelector(".app-badge"));

        await SweepAsync(app);

        page = await alice.GetAsync("/conversations");
        Assert.Equal("1 to do", page.Html.QuerySelector(".app-badge")!.TextContent);
        Assert.Equal("Much better", page.Html.QuerySelector(".app-conversations__text")!.TextContent);
    }

    [Fact]
    public async Task It_goes_on_until_a_run_finds_none_and_then_never_looks_again()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var (first, second, third) = (await alice.AsksAsync(app), await alice.AsksAsync(app), await alice.AsksAsync(app));
        await AgeAsync(app, first);
        await SweepAsync(app);
        // A copy of the earlier version was still writing.
        await AgeAsync(app, second);
        await SweepAsync(app);
        Assert.Equal(3, await FormAsync(app, second));
        await SweepAsync(app);
        await AgeAsync(app, third);

        await SweepAsync(app);

        Assert.Equal((3, 0), (await FormAsync(app, first), await FormAsync(app, third)));
    }

    [Fact]
    public async Task Whoever_writes_to_a_conversation_at_the_same_moment_has_the_last_word()
    {
        await using var app = new TestApp();
        var id = await (await app.AliceSignsInAsync()).AsksAsync(app);
        await app.WithAsync<IDocumentSession, bool>(async session =>
        {
            var stream = (await session.Events.FetchForWriting<Conversation>(id))!;
            await app.AppendAsync(id, new ConversationCancelled(app.Time.GetUtcNow()));
            session.Events.ProjectAgain(stream);
            await Assert.ThrowsAsync<ConcurrencyException>(() => session.SaveChangesAsync());
            return true;
        });

        Assert.Equal("Cancelled", await app.WithAsync<IDatabase, string>(async database =>
            (await database.QueryAsync<string>("select status from mt_doc_conversation_row where id = @id", new { id }, CancellationToken.None))[0]));
    }

    [Fact]
    public async Task One_that_cannot_be_read_does_not_keep_the_others_from_being_written()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var (damaged, good) = (await alice.AsksAsync(app), await alice.AsksAsync(app));
        await AgeAsync(app, damaged);
        await AgeAsync(app, good);
        await app.WithAsync<IDatabase, bool>(async database =>
        {
            await database.ExecuteAsync("update mt_events set bdata = substring(bdata from 2) where stream_id = @id", ("id", damaged));
            return true;
        });

        await SweepAsync(app);

        Assert.Equal((0, 3), (await FormAsync(app, damaged), await FormAsync(app, good)));
    }

    private static Task<bool> SweepAsync(TestApp app) => app.WithAsync<IServiceProvider, bool>(async services =>
    {
        var sweep = Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<RewriteRows>(services, NullLogger<RewriteRows>.Instance);
        await sweep.SweepAsync(app.Time.GetUtcNow(), CancellationToken.None);
        return true;
    });

    /// <summary>As the version before wrote it: what was seen was nothing to look at.</summary>
    private static Task<bool> AgeAsync(TestApp app, Guid id) => app.WithAsync<IDatabase, bool>(async database =>
    {
        await database.ExecuteAsync("update mt_doc_conversation_row set attention = 0, data = data - 'Form' where id = @id", ("id", id));
        return true;
    });

    private static Task<long> FormAsync(TestApp app, Guid id) => app.WithAsync<IDatabase, long>(async database =>
        (await database.QueryAsync<long>("select coalesce((data ->> 'Form')::bigint, 0) from mt_doc_conversation_row where id = @id", new { id }, CancellationToken.None))[0]);
}
