using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Benchmark;

/// <summary>One published version with a database and a data folder of its own.</summary>
internal sealed record Version(string Name, string Folder, string Data, string Server)
{
    public double Megabytes => Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length) / 1_000_000.0;

    private string DatabaseName => "bench_" + Name;

    public string Database => new NpgsqlConnectionStringBuilder(Server) { Database = DatabaseName }.ToString();

    public void CreateDatabase() => TestPostgres.Execute(Server, $"create database {DatabaseName}");

    /// <param name="workers">0: messages wait.</param>
    public async Task<RunningVersion> StartAsync(int workers)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        listener.Stop();
        var process = Start(new() { ["ASPNETCORE_URLS"] = address.OriginalString, ["PublicUrl"] = address.OriginalString, ["Messaging__Workers"] = $"{workers}" });
        var app = new RunningVersion(process, address);
        await app.UntilReadyAsync();
        return app;
    }

    /// <summary>What an operator types.</summary>
    public async Task CommandAsync(params string[] arguments)
    {
        using var process = Start([], arguments);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{Name}: {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    public async Task<long> CountAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    private Process Start(Dictionary<string, string> settings, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Folder, "PatientResponse.dll"), .. arguments]) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings.Append(new("ASPNETCORE_ENVIRONMENT", "Development")).Append(new("Data__Folder", Data)).Append(new("Sms__UndoFor", TestApp.NoUndo)).Append(new("ConnectionStrings__Postgres", Database)))
            start.Environment[name] = value;
        // Somebody else's settings are no part of it.
        start.Environment.Remove("TZ");
        start.Environment.Remove("TWILIO_LOG_LEVEL");
        var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        return process;
    }
}

/// <summary>A version that serves.</summary>
internal sealed class RunningVersion(Process process, Uri address) : IAsyncDisposable
{
    private readonly SocketsHttpHandler _http = new() { AllowAutoRedirect = false, UseCookies = false };

    public Uri Address => address;

    /// <summary>In bytes, as the system counts it.</summary>
    public long Memory => long.Parse(
        File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;

    /// <summary>In seconds, of all its threads so far.</summary>
    public double Processor => process.TotalProcessorTime.TotalSeconds;

    public TestBrowser NewBrowser() => new(new CookieContainer(), _http, address);

    public async Task<TestBrowser> SignedInAsync()
    {
        var browser = NewBrowser();
        await browser.GetAsync("/sign-in");
        await browser.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        return browser;
    }

    public async Task UntilReadyAsync()
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromMinutes(2); await Task.Delay(20))
        {
            try
            {
                if ((await NewBrowser().GetAsync("/health/ready")).Status == HttpStatusCode.OK)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }
        }
        throw new TimeoutException("It does not get ready.");
    }

    public async ValueTask DisposeAsync()
    {
        await Processes.Signal.SendAsync(process, "TERM");
        await process.WaitForExitAsync();
        process.Dispose();
        _http.Dispose();
    }
}
