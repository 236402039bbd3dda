using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Npgsql;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Benchmark;
using PatientResponse.Tests.Infrastructure.Sms.Twilio;
using PatientResponse.Tests.Infrastructure.Storage;
using PatientResponse.Tests.Processes;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Deploy;

/// <summary>What is deployed, as it is deployed: by a user without rights, from a folder that nobody may write to.</summary>
public partial class PublishedTests(Published published, TwilioCounterpart twilio) : IClassFixture<Published>
{
    [Fact]
    public async Task It_serves_from_a_read_only_folder_and_stops_in_good_order()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It is published for Linux.");
        var connection = TestPostgres.CreateDatabaseOnOlderServer();
        var data = await published.WritableAsync();
        var port = FreePort();
        // Development, where one can sign in: Production wants real senders. So the port is given and not the image's.
        using var process = published.Start(new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_HTTP_PORTS"] = "",
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
            ["Data__Folder"] = Path.Combine(data, "data"),
            ["Sms__UndoFor"] = TestApp.NoUndo,
            ["ConnectionStrings__Postgres"] = connection,
        });
        var errors = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEndAsync();
        using var http = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await ServedApp.UntilAsync(async () => process.HasExited || await AnswersAsync(http, DeployFiles.FlyValue("path")), "it is ready");
        Assert.False(process.HasExited, process.HasExited ? await errors : "");

        Assert.True(await AnswersAsync(http, "/health/live"));
        Assert.True(File.Exists(Path.Combine(data, "data", "master.key")));
        var stylesheet = Stylesheet().Match(await http.GetStringAsync("/")).Groups[1].Value;
        using var request = new HttpRequestMessage(HttpMethod.Get, stylesheet) { Headers = { AcceptEncoding = { new StringWithQualityHeaderValue("br") } } };
        using var asset = await http.SendAsync(request);
        Assert.Equal(["br"], asset.Content.Headers.ContentEncoding);
        Assert.Contains("immutable", asset.Headers.CacheControl!.ToString(), StringComparison.Ordinal);

        await Signal.SendAsync(process, "TERM");
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, process.ExitCode);
        TestPostgres.DropDatabase(connection);
    }

    /// <summary>Acceptance 46, in bytes: a patient on a poor phone waits for each of them.</summary>
    [Fact]
    public async Task The_pages_of_a_patient_weigh_next_to_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It is published for Linux.");
        await using var app = await MeasuredApp.StartAsync(published, []);
        var (_, link) = await app.AskAsync(await app.AliceAsync());

        var confirm = await Weight.OfAsync(new Uri(app.Address, link));
        var pat = app.NewBrowser();
        await pat.GetAsync(link);
        var page = await pat.GivesDateOfBirthAsync(1, 1, 1980);
        var reply = await Weight.OfAsync(page.Address, pat.Cookies.GetCookieHeader(page.Address));

        TestContext.Current.TestOutputHelper!.WriteLine($"{confirm}\n{reply}");
        Assert.True(confirm.Total <= 10 * 1024 && confirm.Bytes.Count <= 4, $"date of birth: {confirm}");
        Assert.True(reply.Total <= 14 * 1024 && reply.Bytes.Count <= 4, $"reply: {reply}");
        Assert.InRange(reply.Bytes.Single(part => part.Key.EndsWith(".js", StringComparison.Ordinal)).Value, 1, 4 * 1024);
        Assert.DoesNotContain(confirm.Bytes.Keys, part => part.EndsWith(".js", StringComparison.Ordinal));
        Assert.DoesNotContain("url(", await (await pat.SendAsync(new(HttpMethod.Get, new Uri(app.Address, reply.Bytes.Keys.Single(part => part.EndsWith(".css", StringComparison.Ordinal)))))).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>With the environment of Dockerfile and nothing else there is no way to serve patients by mistake.</summary>
    [Fact]
    public async Task In_production_it_lists_all_that_is_missing_and_ends()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It is published for Linux.");
        using var process = published.Start(new Dictionary<string, string> { ["Data__Folder"] = Path.Combine(await published.WritableAsync(), "data") });
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(1, process.ExitCode);
        foreach (var setting in new[] { "PublicUrl", "ConnectionStrings:Postgres", "Encryption:MasterKey", "Sms:Provider", "Email:Provider" })
            Assert.Contains($"- {setting} must ", errors, StringComparison.Ordinal);
        Assert.Equal("", await output);
    }

    [Fact]
    public async Task In_production_with_everything_set_it_serves_and_reaches_each_of_its_counterparts()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It is published for Linux.");
        var connection = TestPostgres.CreateDatabaseOnOlderServer();
        await using var gateway = new S3Gateway(S3Server.Get(), Exim.Certificate);
        await gateway.StartAsync();
        using var world = await Counterparts.StartAsync(twilio, gateway.ServiceUrl);
        var port = FreePort();
        using var process = published.Start(new Dictionary<string, string>(world.Settings.Select(setting => KeyValuePair.Create(setting.Key.Replace(":", "__", StringComparison.Ordinal), setting.Value)))
        {
            ["ASPNETCORE_HTTP_PORTS"] = "",
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
            ["Data__Folder"] = Path.Combine(await published.WritableAsync(), "data"),
            ["PublicUrl"] = "https://reply.example.nhs.uk",
            ["Sms__UndoFor"] = TestApp.NoUndo,
            ["ConnectionStrings__Postgres"] = connection,
            ["Encryption__MasterKey"] = Convert.ToBase64String(TestCopy.MasterKey),
            ["Retention__Days"] = "3650",
            ["SignIn__RequireSecondFactor"] = "true",
            ["Stopping__Notice"] = "00:00:00",
        });
        var (errors, output) = (process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await ServedApp.UntilAsync(async () => process.HasExited || await AnswersAsync(http, DeployFiles.FlyValue("path")), "it is ready");
        Assert.False(process.HasExited, process.HasExited ? await errors : "");
        Assert.Contains("Staff: sign in", await http.GetStringAsync("/"), StringComparison.Ordinal);

        // The carrier refuses the number, which the requester is told by mail.
        world.Account.Refuses = FakeAccount.With(400, 21211);
        var alice = Exim.Recipient("alice");
        var id = await QueueAsync(connection, alice);
        await ServedApp.UntilAsync(async () => (await Counterparts.MailsAsync(alice, $"https://reply.example.nhs.uk/conversations/{id:N}")).Count == 1, "Alice is told");
        Assert.Equal(1, world.Account.Calls);

        await Signal.SendAsync(process, "TERM");
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(40));
        Assert.Equal(0, process.ExitCode);
        Assert.DoesNotContain("7700900123", await output + await errors, StringComparison.Ordinal);
        NpgsqlConnection.ClearAllPools();
        TestPostgres.DropDatabase(connection);
    }

    [Fact]
    public async Task Ten_that_start_at_once_on_an_empty_database_are_all_ready_and_one_has_made_what_is_in_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It is published for Linux.");
        var connection = TestPostgres.CreateDatabaseOnOlderServer();
        var folder = Path.Combine(await published.WritableAsync(), "data");
        var copies = Enumerable.Range(0, 10).Select(_ => FreePort()).Distinct().Select(port => (Port: port, Process: published.Start(new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_HTTP_PORTS"] = "",
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
            ["Data__Folder"] = folder,
            ["ConnectionStrings__Postgres"] = connection,
            ["Encryption__MasterKey"] = Convert.ToBase64String(TestCopy.MasterKey),
        }))).ToList();
        Assert.Equal(10, copies.Count);
        try
        {
            await Task.WhenAll(copies.Select(async copy =>
            {
                _ = copy.Process.StandardOutput.ReadToEndAsync();
                var errors = copy.Process.StandardError.ReadToEndAsync();
                using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{copy.Port}") };
                await ServedApp.UntilAsync(async () => copy.Process.HasExited || await AnswersAsync(http, DeployFiles.FlyValue("path")), "it is ready");
                Assert.False(copy.Process.HasExited, copy.Process.HasExited ? await errors : "");
            }));

            await using var database = PostgresDatabase.Open(connection);
            Assert.Equal(SchemaTests.Scripts + 1, await database.CountAsync("schema_versions"));
            Assert.Equal(1, await database.CountAsync("root_key"));
            await using var reader = new TestCopy(database, new FakeTime());
            Assert.NotNull(await reader.WithAsync(session => session.FindAsync<Clinician>(Scenario.AlicesEmail)));
        }
        finally
        {
            foreach (var (_, process) in copies)
            {
                process.Kill();
                await process.WaitForExitAsync();
                process.Dispose();
            }
            TestPostgres.DropDatabase(connection);
        }
    }

    /// <summary>An SMS that no process has begun, asked for by somebody with this address.</summary>
    private static async Task<Guid> QueueAsync(string connection, string requester)
    {
        await using var database = PostgresDatabase.Open(connection);
        await using var sender = new TestCopy(database, new FakeTime());
        sender.Time.Advance(DateTimeOffset.UtcNow - sender.Time.GetUtcNow());
        await sender.SaveAsync(session =>
        {
            session.Store(new Practice { Id = "riverside" });
            session.Store(new Clinician { Id = "alice", Email = requester, PracticeId = "riverside" });
        });
        var message = TestCopy.Message(Guid.CreateVersion7(), sender.Time.GetUtcNow());
        await sender.SaveAsync(session =>
        {
            session.Events.StartStream<Conversation>(message.ConversationId, [message]);
            session.Publish(new() { new DeliverSms(message.ConversationId, 1, message.At) });
        });
        return message.ConversationId;
    }

    private static async Task<bool> AnswersAsync(HttpClient http, string path)
    {
        try
        {
            using var answer = await http.GetAsync(path);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("<link rel=\"stylesheet\" href=\"([^\"]+)\"")]
    private static partial Regex Stylesheet();
}
