using PatientResponse.Features;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Tests.Infrastructure.Sms.Twilio;
using PatientResponse.Tests.Processes;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Browser;

/// <summary>The whole job with nothing embedded: PostgreSQL, Twilio, a mail relay, a bucket and a scanner, and two copies of the process.</summary>
public sealed class AllAtOnceTests(Chromium chromium, TwilioCounterpart twilio) : BrowserTest(chromium)
{
    private readonly string _folder = Directory.CreateTempSubdirectory("patient-response-").FullName;

    [Theory]
    [InlineData(nameof(Screen.Phone), true, false)]
    [InlineData(nameof(Screen.Desktop), false, true)]
    public async Task Alice_asks_Pat_answers_and_Alice_reads_it_though_either_copy_may_die(string screen, bool javaScript, bool copiesDie)
    {
        Chromium.Require();
        using var world = await Counterparts.StartAsync(twilio);
        await using var copies = await Copies.CreateAsync();
        await using var balancer = await LoadBalancer.StartAsync(copies.One, copies.Two);
        string[] settings = [$"PublicUrl={balancer.Address}", .. world.Settings.Select(setting => $"{setting.Key}={setting.Value}")];
        await copies.StartAsync(settings);

        var alice = await Page(Screen.Named(screen), balancer.Address, javaScript);
        if (copiesDie)
            balancer.LoseAnswer(Scenario.TestPatient, copies.One, first: copies.IdleAsync);
        await WholeJobTests.WriteAsync(alice, javaScript);
        if (copiesDie)
            await TwoCopiesTests.RepeatsAsync(alice);
        await WholeJobTests.SentAsync(alice);
        var id = Guid.ParseExact(new Uri(alice.Url).Segments[^1], "N");
        await copies.IdleAsync();
        var sms = Assert.Single(world.Account.Messages);
        await world.ReportAsync(sms, "delivered");
        await ServedApp.UntilAsync(async () => (await copies.One.ReadAsync(id)).Delivery == Delivery.Delivered, "the carrier's report is taken");
        if (copiesDie)
            await copies.One.StartAsync(settings: settings);

        var (pat, photo) = (await Page(Screen.Named(screen), balancer.Address, javaScript), WholeJobTests.Photo("gps_DSCN0010.jpg"));
        await pat.GotoAsync(Scenario.LinkIn(sms.Fields["Body"]));
        await pat.GiveDateOfBirthAsync();
        await pat.AnswerAsync("There is one too many.", ("bad.pdf", Clamd.InfectedPdf));
        await pat.ShouldShowAsync("bad.pdf: The selected file contains a virus");
        if (copiesDie)
            balancer.LoseAnswer("/reply/", copies.Two, first: copies.IdleAsync);
        await WholeJobTests.AnswerAsync(pat, photo, onDisk: _folder);
        if (copiesDie)
            await TwoCopiesTests.RepeatsAsync(pat);
        await pat.ShouldSayAsync("Answer sent");

        await ServedApp.UntilAsync(async () => (await Counterparts.MailsAsync(Scenario.AlicesEmail, $"{id:N}")).Count > 0, "Alice is emailed");
        var mail = Assert.Single(await Counterparts.MailsAsync(Scenario.AlicesEmail, $"{id:N}"));
        await alice.GotoAsync(mail.Text.Split('\n').Single(line => line.StartsWith("http", StringComparison.Ordinal)).Trim());
        await WholeJobTests.ReadAsync(alice, photo);
        await alice.ShouldShowAsync("None was found");
        await KeptEncryptedAsync(world.Bucket, id, photo);
        Assert.Equal((1, 1), (world.Account.Calls, world.Account.Messages.Count));
        Assert.Equal((copiesDie, !copiesDie), (copies.One.IsRunning && !copies.Two.IsRunning, copies.Two.IsRunning));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The four files are in the bucket, and nothing of what is in them. Beside them lie checkpoints, as many as were due.</summary>
    private static async Task KeptEncryptedAsync(Bucket bucket, Guid conversation, byte[] photo)
    {
        var kept = await bucket.EverythingAsync();
        Assert.Equal(4, kept.Count(name => name.StartsWith(BlobName.FolderOf(conversation), StringComparison.Ordinal)));
        foreach (var name in kept)
        {
            var bytes = await bucket.ReadAsync(name);
            Assert.True(bytes.AsSpan().IndexOf("%PDF-"u8) < 0 && bytes.AsSpan().IndexOf(photo.AsSpan(photo.Length - 1000, 16)) < 0, name);
        }
    }
}
