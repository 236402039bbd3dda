using System.Diagnostics;
using System.Net;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Processes;

/// <summary>The database server crashes again and again while Alice writes; nobody restarts the product.</summary>
public class PostgresRestartTests
{
    private static readonly int Rounds = Environment.GetEnvironmentVariable("TEST_LONG") == "1" ? 40 : 2;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_it_is_ready_again_within_ten_seconds()
    {
        await using var server = await OwnPostgres.StartAsync();
        await using var app = new ServedApp(server.ConnectionString);
        await app.StartAsync();
        await MayWriteAsMuchAsTheyLikeAsync(server);
        var alice = await SignInAsync(app);
        var (acknowledged, unsure, ended) = (new List<(Guid Id, string Text)>(), 0, false);
        var load = Task.Run(async () =>
        {
            // To another patient: whoever writes to one from two pages at once is asked whether that is meant.
            var bob = await SignInAsync(app);
            var compose = (await bob.GetAsync("/patients?q=9992091452")).Html.QuerySelector("#results a")!.GetAttribute("href")!;
            for (var n = 1; !ended; n++)
            {
                var text = $"Under load, number {n}.";
                if ((await bob.GetAsync(compose)).Html.QuerySelector("#compose") is null)
                    continue;
                var page = await bob.SubmitAsync("#compose", ("text", text), ("allowResponse", "true"));
                if (page.Address.AbsolutePath.StartsWith("/conversations/", StringComparison.Ordinal))
                    acknowledged.Add((Guid.ParseExact(page.Address.Segments[^1], "N"), text));
                else
                    unsure++;
            }
        });

        for (var round = 1; round <= Rounds; round++)
        {
            var before = acknowledged.Count;
            await ServedApp.UntilAsync(() => acknowledged.Count >= before + 3, "Bob's messages are taken");
            await alice.GetAsync(Scenario.TestPatient);
            await server.DownAsync();

            // The answer before this one may stand for a second.
            await ServedApp.UntilAsync(async () => (await app.NewBrowser().GetAsync("/health/ready")).Status == HttpStatusCode.ServiceUnavailable, "it is not ready");
            Assert.Equal(HttpStatusCode.OK, (await app.NewBrowser().GetAsync("/health/live")).Status);
            var typed = $"What Alice typed in round {round}";
            var page = await alice.SubmitAsync("#compose", ("text", typed), ("allowResponse", "true"));
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "Sorry, this service is not working right now"), (page.Status, page.Heading));
            Assert.Contains(typed, page.Html.QuerySelector("textarea")!.TextContent, StringComparison.Ordinal);

            await server.UpAsync();
            var clock = Stopwatch.StartNew();
            await ServedApp.UntilAsync(async () => (await app.NewBrowser().GetAsync("/health/ready")).Status == HttpStatusCode.OK, "it is ready");
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"Ready after {clock.Elapsed}.");
            page = await alice.SubmitAsync("main form");
            Assert.StartsWith("/conversations/", page.Address.AbsolutePath, StringComparison.Ordinal);
            acknowledged.Add((Guid.ParseExact(page.Address.Segments[^1], "N"), typed));
        }
        ended = true;
        await load;

        foreach (var (id, text) in acknowledged)
        {
            Assert.Contains(text, (await app.ReadAsync(id)).Sms, StringComparison.Ordinal);
            await ServedApp.UntilAsync(() => app.Posted("sms", text).Count > 0, $"'{text}' goes");
        }
        var sent = app.Posted("sms", "");
        Assert.Equal(sent.Distinct().Count(), sent.Count);
        Assert.InRange(acknowledged.Count, Rounds * 4, int.MaxValue);
    }

    private static async Task MayWriteAsMuchAsTheyLikeAsync(OwnPostgres server)
    {
        await using var database = PostgresDatabase.Open(server.ConnectionString);
        await using var copy = new TestCopy(database, new FakeTime());
        await copy.WithAsync(async session =>
        {
            var practice = (await session.LoadAsync<Practice>("demo"))!;
            practice.DailyCap = practice.DailyCapPerClinician = 1_000_000;
            session.Store(practice);
            await session.SaveChangesAsync();
            return true;
        });
    }

    private static async Task<TestBrowser> SignInAsync(ServedApp app)
    {
        var browser = app.NewBrowser();
        await browser.GetAsync("/sign-in");
        await browser.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        return browser;
    }
}
