using System.Net;
using Npgsql;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Storage;

public class RoundTripTests
{
    [Fact]
    public async Task Everything_that_a_command_changes_is_saved_in_one_round_trip()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var wire = new DatabaseWire(new NpgsqlConnectionStringBuilder(started.ConnectionString));
        await using var database = PostgresDatabase.Open(wire.ConnectionString);
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

    /// <summary>What a page or a command costs where the database is a network away: one round trip to know the session, and three at most.</summary>
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
        var (pat, work) = (app.NewBrowser(), new QueuedWork(app.Services));
        var counted = new Dictionary<string, int>();

        await CountAsync("find a patient", () => alice.GetAsync("/patients?q=9990000018"));
        await CountAsync("message page", () => alice.GetAsync(Scenario.TestPatient));
        await CountAsync("send", () => alice.SendAsync(alice.Submission("#compose", ("text", "How is your hip?"), ("allowResponse", "true"))));
        await CountAsync("deliver", () => work.DoOneAsync());
        await CountAsync("delivered", work.DoAsync);
        await CountAsync("link", () => pat.GetAsync(link));
        await CountAsync("wrong date", () => pat.SendAsync(pat.Submission("form", ("day", "2"), ("month", "2"), ("year", "1982"))));
        await CountAsync("right date", () => pat.SendAsync(pat.Submission("form", ("day", "1"), ("month", "1"), ("year", "1980"))));
        var reply = (await app.ConversationAsync(first)).Sent.Ref;
        await CountAsync("reply page", () => pat.GetAsync($"/reply/{reply}"));
        await CountAsync("reply", () => pat.SendAsync(pat.FileSubmission("#reply", [], ("text", "Better"))));
        await CountAsync("thanks", () => pat.GetAsync($"/reply/{reply}/sent"));
        await CountAsync("notify and tidy", work.DoAsync);
        await CountAsync("conversations", () => alice.GetAsync("/conversations"));
        await CountAsync("conversation, first time", () => alice.GetAsync($"/conversations/{first:N}"));
        await CountAsync("conversation", () => alice.GetAsync($"/conversations/{first:N}"));
        await CountAsync("done", () => alice.SendAsync(alice.Submission("form[action$='/done']")));

        Assert.Equal(
            """
            find a patient 3, message page 2, send 3, deliver 3, delivered 2, link 1, wrong date 2, right date 2, reply page 1, reply 3, thanks 1, notify and tidy 5,
            conversations 2, conversation, first time 3, conversation 3, done 3
            """.ReplaceLineEndings(" "), string.Join(", ", counted.Select(one => $"{one.Key} {one.Value}")));
        string[] whole = ["send", "deliver", "delivered", "link", "right date", "reply page", "reply", "thanks", "notify and tidy", "conversation, first time", "done"];
        Assert.Equal(27, whole.Sum(one => counted[one]));
        Assert.Equal(3, counted.Where(one => one.Key != "notify and tidy").Max(one => one.Value));

        // Without what the test itself asked.
        async Task CountAsync(string what, Func<Task> act)
        {
            var (before, asked) = (wire.RoundTrips, work.Asked);
            await act();
            counted.Add(what, wire.RoundTrips - before - (work.Asked - asked));
        }
    }

    /// <summary>One of them knows the session.</summary>
    [Fact]
    public async Task No_page_or_command_of_a_clinician_takes_more_than_four_round_trips()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var wire = new DatabaseWire(new NpgsqlConnectionStringBuilder(started.ConnectionString));
        await using var app = new TestApp { Settings = { ["ConnectionStrings:Postgres"] = wire.ConnectionString } };
        var alice = await app.AliceSignsInAsync();
        var (answered, locked, cancelled) = (await alice.AsksAsync(app), await alice.AsksAsync(app), await alice.AsksAsync(app));
        await app.PatRepliesAsync(answered, "Better", ("arm.jpg", SampleFiles.Jpeg()));
        await app.SomebodyLocksAsync($"/r/{(await app.ConversationAsync(locked)).Token}");
        await app.DoQueuedWorkAsync();
        var counted = new List<string>();

        await PageAsync("/");
        await PageAsync("/patients");
        await alice.GetAsync("/patients?q=brown"); // Reads the names.
        await PageAsync("/patients?q=brown");
        await PageAsync("/patients?q=brown&dob=1967-02-20");
        var listed = alice.Page.Html.QuerySelector("a[href$='/message']")?.GetAttribute("href");
        await alice.GetAsync("/patients?q=brown");
        listed ??= alice.Page.Html.QuerySelector("a[href$='/message']")!.GetAttribute("href")!;
        await PageAsync(listed);
        var page = listed.Replace("/message", "", StringComparison.Ordinal);
        await PageAsync(page);
        await CommandAsync("add a note", page, "form[action$='/notes']", ("note", "Speaks Polish"));
        await alice.GetAsync(listed);
        foreach (var typed in new[] { "Please call Anna Nob", "Please call Anna Nobody." })
            await CountAsync($"a draft of {typed}", () =>
            {
                var preview = alice.Submission("#compose", ("text", typed));
                preview.RequestUri = new($"http://localhost{listed}/preview");
                return alice.SendAsync(preview);
            });
        await CommandAsync("send to somebody on the list", listed, "#compose", ("text", "Please call Anna Nobody. How is your hip?"), ("allowResponse", "true"));
        await PageAsync("/conversations?q=test");
        await alice.GetAsync("/patients");
        foreach (var typed in new[] { "br", "bro", "brow" })
            await CountAsync($"typed {typed}", () =>
            {
                var key = alice.Submission("form[role=search]", ("q", typed));
                key.Headers.Add("HX-Request", "true");
                key.Headers.Add("HX-Target", "results");
                return alice.SendAsync(key);
            });
        // Whom she messaged lately is not read again for each key.
        Assert.Equal(["typed br 3", "typed bro 3", "typed brow 3"], counted.Where(one => one.StartsWith("typed", StringComparison.Ordinal)));
        await PageAsync($"/conversations/{answered:N}/files/1");
        await PageAsync($"/conversations/{answered:N}/download");
        await PageAsync($"/conversations/{answered:N}/print");
        await CountAsync("news", () => alice.SendAsync(new(HttpMethod.Get, $"http://localhost/conversations/{answered:N}/delivery")));
        await CommandAsync("unlock", $"/conversations/{locked:N}", "form[action$='/unlock']");
        await CommandAsync("send again", $"/conversations/{cancelled:N}", "form[action$='/send-again']");
        await CommandAsync("cancel", $"/conversations/{cancelled:N}", "form[action$='/cancel']");
        await CommandAsync("ask again", $"/conversations/{answered:N}/ask-again", "#compose", ("text", "And now?"));
        await PageAsync($"/conversations/{answered:N}");
        await PageAsync("/account");
        await CommandAsync("change account", "/account", "form[action='/account']", ("signOff", "Alice"));
        await PageAsync("/templates");
        await PageAsync("/help");
        await PageAsync("/templates/new");
        await CommandAsync("add template", "/templates/new", "#template", ("name", "Only mine"), ("text", "How is your knee?"));
        await PageAsync("/practice");
        await CommandAsync("change practice", "/practice", "main form", ("signOff", "Demo"));
        await CommandAsync("sign out", "/account", "form[action='/sign-out']");

        Assert.Equal([], counted.Where(one => int.Parse(one[(one.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture) > 4));
        Assert.Equal(32, counted.Count);

        Task PageAsync(string address) => CountAsync(address, () => alice.GetAsync(address));

        async Task CommandAsync(string what, string page, string form, params (string, string)[] fields)
        {
            await alice.GetAsync(page);
            await CountAsync(what, async () => Assert.Equal(HttpStatusCode.SeeOther, (await alice.SendAsync(alice.Submission(form, fields))).StatusCode));
        }

        async Task CountAsync(string what, Func<Task> act)
        {
            var before = wire.RoundTrips;
            await act();
            counted.Add($"{what} {wire.RoundTrips - before}");
        }
    }
}
