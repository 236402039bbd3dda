using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using PatientResponse.Tests.Benchmark;
using PatientResponse.Tests.Processes;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Deploy;

/// <summary>What is deployed, as it is deployed: by a user without rights, from a folder that nobody may write to.</summary>
public partial class PublishedTests(Published published) : IClassFixture<Published>
{
    [Fact]
    public async Task It_serves_from_a_read_only_folder_and_stops_in_good_order()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It is published for Linux.");
        var data = await published.WritableAsync();
        var port = FreePort();
        // Development, where one can sign in: Production wants real senders. So the port is given and not the image's.
        using var process = published.Start(new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_HTTP_PORTS"] = "",
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
            ["Data__Folder"] = Path.Combine(data, "data"),
        });
        var errors = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEndAsync();
        using var http = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await ServedApp.UntilAsync(async () => process.HasExited || await AnswersAsync(http, DeployFiles.FlyValue("path")), "it is ready");
        Assert.False(process.HasExited, process.HasExited ? await errors : "");

        Assert.True(await AnswersAsync(http, "/health/live"));
        Assert.True(File.Exists(Path.Combine(data, "data", "patient-response.db")));
        var stylesheet = Stylesheet().Match(await http.GetStringAsync("/")).Groups[1].Value;
        using var request = new HttpRequestMessage(HttpMethod.Get, stylesheet) { Headers = { AcceptEncoding = { new StringWithQualityHeaderValue("br") } } };
        using var asset = await http.SendAsync(request);
        Assert.Equal(["br"], asset.Content.Headers.ContentEncoding);
        Assert.Contains("immutable", asset.Headers.CacheControl!.ToString(), StringComparison.Ordinal);

        await Signal.SendAsync(process, "TERM");
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, process.ExitCode);
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
        foreach (var setting in new[] { "PublicUrl", "Encryption:MasterKey", "Sms:Provider", "Email:Provider" })
            Assert.Contains($"- {setting} must ", errors, StringComparison.Ordinal);
        Assert.Equal("", await output);
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
