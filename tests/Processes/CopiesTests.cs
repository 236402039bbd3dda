using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Processes;

/// <summary>Two processes on one PostgreSQL and one file folder are one product.</summary>
public class CopiesTests
{
    private static readonly int Messages = Environment.GetEnvironmentVariable("TEST_LONG") == "1" ? 10_000 : 1_000;

    [Fact]
    public async Task The_whole_job_is_done_by_people_whose_every_request_goes_to_another_copy()
    {
        await using var copies = await Copies.CreateAsync();
        await copies.StartAsync();
        var (one, alice, pat) = (copies.One, copies.NewBrowser(), copies.NewBrowser());

        await alice.GetAsync("/sign-in");
        await alice.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        await alice.GetAsync("/patients?q=999+000+0018");
        Assert.Contains("Test Patient", alice.Page.Text, StringComparison.Ordinal);
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", "How is your rash today?"), ("allowResponse", "true"));
        var conversation = alice.Page.Address.AbsolutePath;
        Assert.StartsWith("/conversations/", conversation, StringComparison.Ordinal);
        await ServedApp.UntilAsync(() => one.Posted("sms", "How is your rash").Count == 1, "the SMS goes");

        await pat.GetAsync(Scenario.LinkIn(one.Posted("sms", "How is your rash")[0]));
        await pat.GivesDateOfBirthAsync(2, 1, 1980);
        Assert.Contains("4 tries", pat.Page.Text, StringComparison.Ordinal);
        await pat.GivesDateOfBirthAsync(3, 1, 1980);
        Assert.Contains("3 tries", pat.Page.Text, StringComparison.Ordinal);
        await pat.GivesDateOfBirthAsync(1, 1, 1980);
        await pat.AnswersAsync("Better, thank you.", ("arm.jpg", SampleFiles.Jpeg(200_000)), ("notes.txt", [1, 2, 3]));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, pat.Page.Status);
        await pat.GetAsync(pat.Page.Address.AbsolutePath);
        Assert.Contains("arm.jpg", pat.Page.Text, StringComparison.Ordinal);
        Assert.Contains("Better, thank you.", pat.Page.Text, StringComparison.Ordinal);
        await pat.AnswersAsync("Better, thank you.", ("letter.pdf", SampleFiles.Pdf(50_000)));
        Assert.EndsWith("/sent", pat.Page.Address.AbsolutePath, StringComparison.Ordinal);

        await ServedApp.UntilAsync(() => one.Posted("email", conversation).Count == 1, "Alice is told");
        await alice.GetAsync(conversation);
        Assert.Contains("Better, thank you.", alice.Page.Text, StringComparison.Ordinal);
        await alice.GetAsync($"{conversation}/files/1");
        Assert.Equal((HttpStatusCode.OK, "image/jpeg"), (alice.Page.Status, alice.Page.Response.Content.Headers.ContentType?.MediaType));
        var zip = await alice.SendAsync(new(HttpMethod.Get, new Uri(alice.Page.Address, $"{conversation}/download")));
        using var archive = new ZipArchive(await zip.Content.ReadAsStreamAsync());
        Assert.Equal(["reply.txt", "arm.jpg", "letter.pdf"], archive.Entries.Select(entry => entry.FullName));

        await alice.GetAsync("/account/authenticator");
        var key = alice.Page.Html.QuerySelector(".app-key")!.TextContent.Replace(" ", "", StringComparison.Ordinal);
        await alice.SubmitAsync("#set-up", ("code", Scenario.CodeAt(key, DateTimeOffset.UtcNow)));
        var recovery = alice.Page.Html.QuerySelector(".app-codes")!.TextContent.Split('\n', StringSplitOptions.RemoveEmptyEntries)[0];
        var again = copies.NewBrowser();
        await again.GetAsync(conversation);
        await again.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        Assert.Equal("Second step", again.Page.Heading);
        await again.SubmitAsync("main form", ("code", recovery));
        Assert.Equal(conversation, again.Page.Address.AbsolutePath);
        var signedIn = again.Cookies.GetAllCookies()["staff"]!.Value;
        await again.SubmitAsync("form[action='/sign-out']");
        again.Cookies.Add(again.Page.Address, new Cookie("staff", signedIn));
        Assert.Equal("/sign-in", (await again.GetAsync(conversation)).Address.AbsolutePath);

        var guesser = copies.NewBrowser();
        for (var guess = 1; guess <= PasswordCheck.MostTries; guess++)
        {
            await guesser.GetAsync("/sign-in");
            await guesser.SubmitAsync("main form", ("email", Scenario.BobsEmail), ("password", $"wrong-password-{guess}"));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, guesser.Page.Status);
            await guesser.GetAsync("/health/live"); // So that the next guess goes to the other copy.
        }
        await guesser.GetAsync("/sign-in");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await guesser.SubmitAsync("main form", ("email", Scenario.BobsEmail), ("password", Scenario.Password))).Status);
    }

    [Fact]
    public async Task Every_message_goes_once_though_a_copy_stands_still_until_it_is_taken_for_dead_and_wakes_up()
    {
        await using var copies = await Copies.CreateAsync();
        var expected = await QueueAsync(copies);

        await copies.StartAsync("Messaging:Workers=4");
        await ServedApp.UntilAsync(() => copies.One.Posted("sms", "").Count > Messages / 4, "a quarter has gone");
        await copies.One.SignalAsync("STOP");
        Assert.True(copies.One.Posted("sms", "").Count < Messages, "It was in the middle.");
        await ServedApp.UntilAsync(async () => await copies.Database.CountAsync($"{QueuedWork.Waiting} where message_type like '%DeliverSms'") == 0, "the other copy does what is left, and takes over what was held");
        await copies.One.SignalAsync("CONT");
        await copies.One.StopAsync();
        await copies.Two.StopAsync();

        Assert.Equal(expected.Order(), copies.One.Posted("sms", "").Order());
        var accepted = await copies.Database.CountAsync("mt_events where type = 'sms_accepted'");
        Assert.Equal(Messages, accepted + await copies.Database.CountAsync("mt_events where type = 'sms_unknown'"));
        // It stood still with at most so many in hand.
        Assert.InRange(accepted, Messages - 4, Messages);
        Assert.Equal(0, await copies.Database.CountAsync(QueuedWork.Parked));
    }

    [Fact]
    public async Task Who_wakes_up_in_the_middle_of_a_call_sends_nothing_twice_and_leaves_the_verdict()
    {
        await using var copies = await Copies.CreateAsync();
        copies.One.CarrierHangs = true;
        await copies.One.StartAsync();
        var alice = copies.One.NewBrowser();
        await alice.GetAsync("/sign-in");
        await alice.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", "Only once."), ("allowResponse", "true"));
        var id = Guid.ParseExact(alice.Page.Address.Segments[^1], "N");
        await ServedApp.UntilAsync(() => copies.One.Posted("sms", "Only once.").Count == 1, "the provider is called");

        await copies.One.SignalAsync("STOP");
        await copies.Two.StartAsync();
        await ServedApp.UntilAsync(() => copies.Two.Posted("email", "We cannot tell").Count == 1, "the other copy tells Alice");
        copies.One.CarrierHangs = false;
        await copies.One.SignalAsync("CONT");
        await copies.One.StopAsync();
        await copies.Two.StopAsync();

        Assert.Single(copies.One.Posted("sms", "Only once."));
        Assert.Single(copies.One.Posted("email", ""));
        Assert.Equal(Delivery.Unknown, (await copies.One.ReadAsync(id)).Delivery);
    }

    [Fact]
    public async Task Wrong_dates_at_either_copy_count_together_and_the_21st_of_an_hour_waits()
    {
        await using var copies = await Copies.CreateAsync();
        var links = await LinksAsync(copies, 5);
        await copies.StartAsync("Messaging:Workers=0");
        var waits = new List<TimeSpan>();
        TestBrowser[] guessers = [copies.One.NewBrowser(), copies.Two.NewBrowser()];
        for (var guess = 0; guess < 21; guess++)
        {
            var guesser = guessers[guess % 2];
            await guesser.GetAsync(links[guess / 5]);
            var clock = Stopwatch.StartNew();
            await guesser.GivesDateOfBirthAsync(1 + guess % 5, 2, 1980);
            waits.Add(clock.Elapsed);
        }

        Assert.True(waits[..20].Min() < TimeSpan.FromSeconds(3), "The first did not wait.");
        Assert.True(waits[20] >= TimeSpan.FromSeconds(3), $"It took {waits[20]}.");
        Assert.Contains("4 tries", guessers[0].Page.Text, StringComparison.Ordinal);
    }

    /// <summary>The links of conversations that wait for a reply.</summary>
    private static async Task<IReadOnlyList<string>> LinksAsync(Copies copies, int count)
    {
        await using var database = PostgresDatabase.Open(copies.ConnectionString);
        await using var sender = new TestCopy(database, new FakeTime());
        sender.Time.Advance(DateTimeOffset.UtcNow - sender.Time.GetUtcNow());
        var tokens = Enumerable.Range(0, count).Select(_ => LinkToken.New()).ToList();
        await sender.SaveAsync(session => session.Store(new Practice { Id = "riverside" }));
        foreach (var token in tokens)
            await sender.StartAsync(token: token);
        return [.. tokens.Select(token => $"/r/{token.Value}")];
    }

    /// <summary>Queues messages that no process has begun.</summary>
    /// <returns>The texts that are to arrive.</returns>
    private static async Task<IReadOnlyList<string>> QueueAsync(Copies copies)
    {
        await using var database = PostgresDatabase.Open(copies.ConnectionString);
        await using var sender = new TestCopy(database, new FakeTime());
        sender.Time.Advance(DateTimeOffset.UtcNow - sender.Time.GetUtcNow());
        var messages = Enumerable.Range(1, Messages).Select(n => TestCopy.Message(Guid.CreateVersion7(), sender.Time.GetUtcNow(), text: $"Number {n}")).ToList();
        await Parallel.ForEachAsync(messages.Chunk(50), async (chunk, _) => await sender.SaveAsync(session =>
        {
            foreach (var message in chunk)
            {
                session.Events.StartStream<Conversation>(message.ConversationId, [message]);
                session.Publish(new() { new DeliverSms(message.ConversationId, 1, message.At) });
            }
        }));
        return [.. messages.Select(message => message.Sms)];
    }
}
