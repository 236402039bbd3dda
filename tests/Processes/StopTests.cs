using System.Net;
using PatientResponse.Features;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Processes;

/// <summary>A process that is told to stop (SIGTERM) while it has something in hand.</summary>
public class StopTests
{
    [Fact]
    public async Task An_upload_that_is_under_way_comes_to_its_end_while_the_process_says_that_it_is_not_ready()
    {
        await using var app = new ServedApp();
        await app.StartAsync(settings: "Stopping:Notice=00:00:03");
        var conversation = await AsksAsync(app, "How is the knee?");
        var (body, sending) = await SendsHalfAsync(app, "knee");
        var balancer = app.NewBrowser();
        Assert.Equal(HttpStatusCode.OK, (await balancer.GetAsync("/health/ready")).Status);

        await app.SignalAsync("TERM");

        await ServedApp.UntilAsync(async () => (await balancer.GetAsync("/health/ready")).Status == HttpStatusCode.ServiceUnavailable, "it is not ready");
        Assert.Equal("not ready: stopping", balancer.Page.Source);
        Assert.Equal("live", (await balancer.GetAsync("/health/live")).Source);
        await ServedApp.UntilAsync(() => NobodyListensAsync(balancer), "it takes no new request");
        body.Rest.SetResult();
        Assert.Equal(HttpStatusCode.SeeOther, (await sending).StatusCode);
        Assert.Equal(0, await app.ExitAsync());
        Assert.Equal("It is better.", (await app.ReadAsync(conversation)).Reply!.Text);
    }

    [Fact]
    public async Task A_message_that_the_provider_holds_up_is_given_back_and_the_next_process_has_it_at_once()
    {
        await using var app = new ServedApp();
        await app.StartAsync(settings: "Messaging:FinishWithin=00:00:01");
        app.CarrierHangs = true;
        var conversation = await AsksAsync(app, "How is the hip?");
        await ServedApp.UntilAsync(() => app.Posted("sms", "hip").Count == 1, "the provider is called");

        await app.SignalAsync("TERM");
        Assert.Equal(0, await app.ExitAsync());
        app.CarrierHangs = false;
        await app.StartAsync();

        await ServedApp.UntilAsync(() => app.Posted("email", "We cannot tell").Count == 1, "the requester is told");
        Assert.Equal(Delivery.Unknown, (await app.ReadAsync(conversation)).Delivery);
        Assert.Single(app.Posted("sms", "hip"));
    }

    [Fact]
    public async Task A_slow_upload_does_not_hold_up_what_the_queue_gives_back()
    {
        await using var app = new ServedApp();
        await app.StartAsync(settings: "Messaging:FinishWithin=00:00:01");
        await AsksAsync(app, "How is the knee?");
        var (body, sending) = await SendsHalfAsync(app, "knee");
        app.CarrierHangs = true;
        await AsksAsync(app, "How is the hip?");
        await ServedApp.UntilAsync(() => app.Posted("sms", "hip").Count == 1, "the provider is called");

        await app.SignalAsync("TERM");
        await ServedApp.UntilAsync(() => app.Output.Contains("is given back unfinished", StringComparison.Ordinal), "the message is given back");

        body.Rest.SetResult();
        Assert.Equal(HttpStatusCode.SeeOther, (await sending).StatusCode);
        Assert.Equal(0, await app.ExitAsync());
    }

    /// <summary>Pat answers; half of the letter has arrived, and the rest waits for <see cref="HalfSent.Rest"/>.</summary>
    private static async Task<(HalfSent Body, Task<HttpResponseMessage> Sending)> SendsHalfAsync(ServedApp app, string asked)
    {
        await ServedApp.UntilAsync(() => app.Posted("sms", asked).Count == 1, "the SMS goes");
        var pat = app.NewBrowser();
        await pat.GetAsync(Scenario.LinkIn(app.Posted("sms", asked)[0]));
        await pat.GivesDateOfBirthAsync(1, 1, 1980);
        var upload = pat.FileSubmission("#reply", [("letter.pdf", SampleFiles.Pdf(2_000_000))], ("text", "It is better."));
        var body = new HalfSent(upload.Content!);
        upload.Content = body;
        var sending = pat.SendAsync(upload);
        await ServedApp.UntilAsync(() => IsUnderWay(app), "half of the file is on disk");
        return (body, sending);
    }

    private static async Task<Guid> AsksAsync(ServedApp app, string text)
    {
        var alice = app.NewBrowser();
        await alice.GetAsync("/sign-in");
        await alice.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", text), ("allowResponse", "true"));
        return Guid.ParseExact(alice.Page.Address.Segments[^1], "N");
    }

    private static bool IsUnderWay(ServedApp app) =>
        new DirectoryInfo(Path.Combine(app.Data, "files", "incoming")) is { Exists: true } incoming && incoming.EnumerateFiles().Any(file => file.Length > 500_000);

    private static async Task<bool> NobodyListensAsync(TestBrowser browser)
    {
        try
        {
            await browser.GetAsync("/health/live");
            return false;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }
}
