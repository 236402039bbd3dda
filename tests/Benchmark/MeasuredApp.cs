using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using PatientResponse.Tests.Deploy;
using PatientResponse.Tests.Processes;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Benchmark;

/// <summary>The published product in a process of its own, with the demo practice.</summary>
internal sealed class MeasuredApp : IAsyncDisposable
{
    private readonly Process _process;
    private readonly SocketsHttpHandler _http = new() { AllowAutoRedirect = false, UseCookies = false };

    private MeasuredApp(Process process, Uri address, string data, string postgres) => (_process, Address, Data, Postgres) = (process, address, data, postgres);

    public Uri Address { get; }

    public string Data { get; }

    /// <summary>The connection string.</summary>
    public string Postgres { get; }

    /// <summary>In bytes, as the system counts it.</summary>
    public long Memory => long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;

    /// <summary>What it has used of processors, by its own clock (clock_getcpuclockid): the counters in /proc go by hundredths of a second.</summary>
    public TimeSpan Processor => GetTime((~_process.Id << 3) | ProcessClock, out var time) == 0
        ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0) : throw new InvalidOperationException("The process has no clock.");

    public static async Task<MeasuredApp> StartAsync(Published published, Dictionary<string, string> settings)
    {
        var data = Path.Combine(await published.WritableAsync(), "data");
        var postgres = TestPostgres.CreateDatabase();
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var process = published.Start(new Dictionary<string, string>(settings)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_HTTP_PORTS"] = "",
            ["ASPNETCORE_URLS"] = address.OriginalString,
            ["Data__Folder"] = data,
            ["Sms__UndoFor"] = TestApp.NoUndo,
            ["ConnectionStrings__Postgres"] = postgres,
            ["PublicUrl"] = address.OriginalString,
        });
        var app = new MeasuredApp(process, address, data, postgres);
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        await ServedApp.UntilAsync(async () => await app.IsReadyAsync(), "it is ready");
        return app;
    }

    public TestBrowser NewBrowser() => new(new CookieContainer(), _http, Address);

    /// <summary>Asks the test patient: the conversation's path and the link in the SMS.</summary>
    public async Task<(string Path, string Link)> AskAsync(TestBrowser alice)
    {
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", "How is your knee today?"), ("allowResponse", "true"));
        var path = alice.Page.Address.AbsolutePath;
        string? link = null;
        await ServedApp.UntilAsync(async () => (link = await LinkOfAsync(alice, path)) is not null, "the SMS goes");
        return (path, link!);
    }

    public async Task<TestBrowser> AliceAsync()
    {
        var alice = NewBrowser();
        await alice.GetAsync("/sign-in");
        await alice.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        return alice;
    }

    public async ValueTask DisposeAsync()
    {
        await Signal.SendAsync(_process, "TERM");
        await _process.WaitForExitAsync();
        _process.Dispose();
        TestPostgres.DropDatabase(Postgres);
        _http.Dispose();
    }

    /// <summary>Of the newest SMS, once there is one that no conversation before had.</summary>
    private readonly HashSet<string> _known = [];

    private async Task<string?> LinkOfAsync(TestBrowser alice, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, "/dev/phone")) { Headers = { { "Accept", "application/json" } } };
        using var answer = JsonDocument.Parse(await (await alice.SendAsync(request)).Content.ReadAsStringAsync());
        var newest = answer.RootElement.EnumerateArray().Where(message => message.GetProperty("channel").GetString() == "sms")
            .Select(message => Scenario.LinkIn(message.GetProperty("text").GetString()!)).FirstOrDefault();
        return newest is not null && _known.Add(newest) ? newest : null;
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            return (await NewBrowser().GetAsync("/health/ready")).Status == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>CPUCLOCK_SCHED of the kernel: all threads together.</summary>
    private const int ProcessClock = 2;

    [DllImport("libc", EntryPoint = "clock_gettime"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
