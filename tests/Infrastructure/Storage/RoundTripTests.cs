using System.Net;
using Npgsql;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Storage;

public class RoundTripTests
{
    [Fact]
    public async Task Everything_that_a_command_changes_is_saved_in_one_round_trip()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var wire = new DatabaseWire(new NpgsqlConnectionStringBuilder(started.ConnectionString));
        await using var database = new PostgresDatabase(NpgsqlDataSource.Create(wire.ConnectionString));
        await using var copy = new TestCopy(database, new FakeTime());
        var id = await copy.StartAsync(); // Opens the connection that the pool then keeps.

        var before = wire.RoundTrips;
        await database.CountAsync("mt_events");
        await database.CountAsync("mt_events");
        Assert.Equal(2, wire.RoundTrips - before);

        await copy.WithAsync(async session =>
        {
            var stream = (await session.Events.FetchForWriting<Conversation>(id))!;
            stream.AppendMany([new LinkLocked(copy.Time.GetUtcNow()), new LinkUnlocked(copy.Time.GetUtcNow())]);
            session.Store(new Practice { Id = "riverside" });
            session.Publish(new() { new DeliverSms(id, 1, copy.Time.GetUtcNow()), new ExpireConversation(id) });
            session.Audit("alice", "sent", id.ToString("N"));
            session.Enlist(new("update mt_events set type = type where stream_id = @stream and version = 1", new Dictionary<string, object?> { ["stream"] = id }, MustAffect: 1));
            before = wire.RoundTrips;
            await session.SaveChangesAsync();
            return true;
        });

        Assert.Equal(1, wire.RoundTrips - before);
        Assert.Equal(3, (await copy.FetchAsync(id))!.History.Count);
    }

    /// <summary>And a save is one round trip, see above. Counters for limits are no part of it.</summary>
    [Fact]
    public async Task What_a_clinician_does_is_saved_at_once()
    {
        var held = new HeldSave();
        await using var app = new TestApp { Replace = held.Use };
        var alice = await app.AliceSignsInAsync();
        var (answered, locked, cancelled) = (await alice.AsksAsync(app), await alice.AsksAsync(app), await alice.AsksAsync(app));
        await app.PatRepliesAsync(answered, "Better");
        await app.SomebodyLocksAsync($"/r/{(await app.ConversationAsync(locked)).Token}");

        await OnceAsync(Scenario.TestPatient, "#compose", ("text", "How is your hip?"), ("allowResponse", "true"));
        await OnceAsync($"/conversations/{locked:N}", "form[action$='/unlock']");
        await OnceAsync($"/conversations/{cancelled:N}", "form[action$='/send-again']");
        await OnceAsync($"/conversations/{cancelled:N}", "form[action$='/cancel']");
        await OnceAsync($"/conversations/{answered:N}", "form[action$='/done']");
        await OnceAsync($"/conversations/{answered:N}", "form[action$='/not-done']");
        await OnceAsync($"/conversations/{answered:N}/ask-again", "#compose", ("text", "And now?"));
        await OnceAsync("/account", "form[action='/account']", ("signOff", "Alice"));
        await OnceAsync("/templates/new", "#template", ("name", "Only mine"), ("text", "How is your knee?"));
        await alice.GetAsync((await alice.GetAsync("/templates")).Html.QuerySelectorAll(".app-templates a").First(link => link.TextContent.Contains("Change Only mine", StringComparison.Ordinal)).GetAttribute("href")!);
        var template = alice.Page.Address.AbsolutePath;
        await OnceAsync(template, "#template", ("name", "Still mine"));
        await OnceAsync($"{template}/delete", "main form");

        Assert.Equal(0, (await app.CommandAsync("clinician", "disable", Scenario.AlicesEmail, "--hand-over-to", Scenario.BobsEmail)).Exit);
        var before = held.Saves;
        Assert.Equal(0, (await app.CommandAsync("clinician", "enable", Scenario.AlicesEmail)).Exit);
        Assert.Equal(1, held.Saves - before);

        async Task OnceAsync(string page, string form, params (string, string)[] fields)
        {
            await alice.GetAsync(page);
            var savesBefore = held.Saves;
            var answer = await alice.SendAsync(alice.Submission(form, fields));
            Assert.Equal((page, HttpStatusCode.SeeOther, 1), (page, answer.StatusCode, held.Saves - savesBefore));
        }
    }

    /// <summary>What a page or a command costs where the database is a network away. Never more than with the store that was ours.</summary>
    [Fact]
    public async Task What_people_do_takes_few_round_trips()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var wire = new DatabaseWire(new NpgsqlConnectionStringBuilder(started.ConnectionString));
        await using var app = new TestApp { Settings = { ["ConnectionStrings:Postgres"] = wire.ConnectionString } };
        var alice = await app.AliceSignsInAsync();
        var first = await alice.AsksAsync(app);
        await app.DoQueuedWorkAsync();
        var link = $"/r/{(await app.ConversationAsync(first)).Token}";
        var pat = app.NewBrowser();
        var counted = new List<string>();

        await CountAsync("find a patient", () => alice.GetAsync("/patients?q=9990000018"));
        await CountAsync("message page", () => alice.GetAsync(Scenario.TestPatient));
        await CountAsync("send", () => alice.SendAsync(alice.Submission("#compose", ("text", "How is your hip?"), ("allowResponse", "true"))));
        var work = new QueuedWork(app.Services);
        await CountAsync("deliver", work.DoAsync, () => work.Asked);
        await CountAsync("link", () => pat.GetAsync(link));
        await CountAsync("wrong date", () => pat.SendAsync(pat.Submission("form", ("day", "2"), ("month", "2"), ("year", "1982"))));
        await CountAsync("right date", () => pat.SendAsync(pat.Submission("form", ("day", "1"), ("month", "1"), ("year", "1980"))));
        var reply = (await app.ConversationAsync(first)).Sent.Ref;
        await CountAsync("reply page", () => pat.GetAsync($"/reply/{reply}"));
        await CountAsync("reply", () => pat.SendAsync(pat.FileSubmission("#reply", [], ("text", "Better"))));
        await CountAsync("thanks", () => pat.GetAsync($"/reply/{reply}/sent"));
        await CountAsync("conversations", () => alice.GetAsync("/conversations"));
        await CountAsync("conversation, first time", () => alice.GetAsync($"/conversations/{first:N}"));
        await CountAsync("conversation", () => alice.GetAsync($"/conversations/{first:N}"));
        await CountAsync("done", () => alice.SendAsync(alice.Submission("form[action$='/done']")));

        Assert.Equal(
            [
                "find a patient 6", "message page 9", "send 12", "deliver 9", "link 4", "wrong date 6", "right date 7", "reply page 4", "reply 10", "thanks 3",
                "conversations 6", "conversation, first time 7", "conversation 7", "done 5",
            ], counted);

        // Without what the test itself asked.
        async Task CountAsync(string what, Func<Task> act, Func<int>? own = null)
        {
            var before = wire.RoundTrips;
            await act();
            counted.Add($"{what} {wire.RoundTrips - before - (own?.Invoke() ?? 0)}");
        }
    }
}
