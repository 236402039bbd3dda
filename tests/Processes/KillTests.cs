using System.Diagnostics;
using System.Net;
using System.Text;
using PatientResponse.Features;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Processes;

/// <summary>A process that is killed (-9) at the worst moments, and what the next one finds.</summary>
public class KillTests
{
    private const string NoWorkers = "Messaging:Workers=0";
    private static readonly int Rounds = Environment.GetEnvironmentVariable("TEST_LONG") == "1" ? 50 : 1;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_goes_twice_however_often_the_process_is_killed()
    {
        await using var app = new ServedApp();
        await app.StartAsync(settings: NoWorkers);
        var alice = await SignInAsync(app);
        for (var round = 1; round <= Rounds; round++)
        {
            var restarts = new List<TimeSpan>();

            // Killed after the message was stored, before anything was sent.
            var early = $"Killed before the call, round {round}.";
            await AsksAsync(alice, early);
            await app.KillAsync();
            Assert.Empty(app.Posted("sms", early));
            restarts.Add(await app.StartAsync());
            await ServedApp.UntilAsync(() => app.Posted("sms", early).Count == 1, "the SMS goes");

            // Killed while the provider is asked.
            app.CarrierHangs = true;
            var during = $"Killed during the call, round {round}.";
            var unsure = await AsksAsync(alice, during);
            await ServedApp.UntilAsync(() => app.Posted("sms", during).Count == 1, "the provider is called");
            var emails = app.Posted("email", "We cannot tell").Count;
            await app.KillAsync();
            app.CarrierHangs = false;
            restarts.Add(await app.StartAsync());
            await ServedApp.UntilAsync(() => app.Posted("email", "We cannot tell").Count == emails + 1, "the requester is told");
            Assert.Equal(Delivery.Unknown, (await app.ReadAsync(unsure)).Delivery);

            // Killed while a file arrives. (A photo waits in one without a name.)
            var link = Scenario.LinkIn(app.Posted("sms", early)[0]);
            var pat = await OpensAsync(app, link);
            var marker = $"plain text of a letter, round {round}. ";
            byte[] letter = [.. SampleFiles.Pdf(), .. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(marker, 120_000)))];
            var upload = pat.FileSubmission("#reply", [("letter.pdf", letter)], ("text", "never sent"));
            upload.Content = new HalfSent(upload.Content!);
            var sending = pat.SendAsync(upload);
            await ServedApp.UntilAsync(() => Staged(app) > 1_000_000, "half of the file is on disk");
            await app.KillAsync();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => sending);
            Assert.True(Staged(app) > 1_000_000, "What was written of the file is still there to be searched.");
            Assert.False(Holds(app.Data, marker));
            restarts.Add(await app.StartAsync());
            pat = await OpensAsync(app, link);
            Assert.DoesNotContain("letter.pdf", pat.Page.Text, StringComparison.Ordinal);

            // Killed right after the answer was acknowledged.
            var asked = await app.ReadAsync(await IdOfAsync(app, alice, early));
            var answer = $"The answer of round {round}.";
            var response = await pat.SendAsync(pat.FileSubmission("#reply", [("photo.jpg", SampleFiles.Jpeg(50_000))], ("text", answer)));
            Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
            await app.KillAsync();
            restarts.Add(await app.StartAsync(settings: NoWorkers));
            var answered = await app.ReadAsync(asked.Id);
            Assert.Equal((ConversationStatus.Replied, answer), (answered.Status, answered.Reply!.Text));
            await alice.GetAsync($"/conversations/{asked.Id:N}");
            Assert.Contains(answer, alice.Page.Text, StringComparison.Ordinal);
            await alice.GetAsync($"/conversations/{asked.Id:N}/files/1");
            Assert.Equal(HttpStatusCode.OK, alice.Page.Status);

            Assert.Single(app.Posted("sms", early));
            Assert.Single(app.Posted("sms", during));
            Assert.All(restarts, took => Assert.True(took < TimeSpan.FromSeconds(30), $"Working again after {took}."));
        }
    }

    private static async Task<TestBrowser> SignInAsync(ServedApp app)
    {
        var alice = app.NewBrowser();
        await alice.GetAsync("/sign-in");
        await alice.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        return alice;
    }

    private static async Task<Guid> AsksAsync(TestBrowser alice, string text)
    {
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", text), ("allowResponse", "true"));
        Assert.StartsWith("/conversations/", alice.Page.Address.AbsolutePath, StringComparison.Ordinal);
        return Guid.ParseExact(alice.Page.Address.Segments[^1], "N");
    }

    /// <summary>The conversation that Alice finds in her list by its text.</summary>
    private static async Task<Guid> IdOfAsync(ServedApp app, TestBrowser alice, string text)
    {
        await alice.GetAsync("/conversations");
        foreach (var address in alice.Page.Html.QuerySelectorAll("a[href^='/conversations/0']").Select(a => a.GetAttribute("href")!).Distinct())
            if (Guid.ParseExact(address.Split('/')[2][..32], "N") is var id && (await app.ReadAsync(id)).Sent.Text == text)
                return id;
        throw new UnreachableException($"'{text}' is not in the list.");
    }

    private static async Task<TestBrowser> OpensAsync(ServedApp app, string link)
    {
        var pat = app.NewBrowser();
        await pat.GetAsync(link);
        await pat.GivesDateOfBirthAsync(1, 1, 1980);
        Assert.StartsWith("/reply/", pat.Page.Address.AbsolutePath, StringComparison.Ordinal);
        return pat;
    }

    private static long Staged(ServedApp app)
    {
        var incoming = new DirectoryInfo(Path.Combine(app.Data, "files", "incoming"));
        return incoming.Exists ? incoming.EnumerateFiles().Select(file => file.Length).DefaultIfEmpty().Max() : 0;
    }

    private static bool Holds(string folder, string text) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any(file => File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)) >= 0);
}
