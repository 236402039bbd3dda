using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Processes;

/// <summary>An installation in a folder of its own, served by a real process that can be killed and started again.</summary>
/// <param name="postgres">Its database; without one it gets one of its own.</param>
/// <param name="brings">It is to bring its own database server, as Development does without a connection string.</param>
public sealed class ServedApp(string? postgres = null, bool brings = false) : IAsyncDisposable
{
    internal const string Ready = "Ready at ";
    internal const string DataFolder = "data";

    private readonly string _folder = Directory.CreateTempSubdirectory("patient-response-").FullName;
    private readonly ServedApp? _first;
    private readonly StringBuilder _output = new();
    private readonly bool _hasOwn = postgres is null && !brings;
    private readonly string? _postgres = brings ? null : postgres ?? TestPostgres.CreateDatabase();
    private Process? _process;
    private Uri? _address;
    private TimeSpan _ahead;

    /// <summary>Another copy of the process, on the same database and files.</summary>
    public ServedApp(ServedApp beside) : this(beside._postgres, brings: beside._postgres is null)
    {
        Directory.Delete(_folder);
        (_folder, _first) = (beside._folder, beside);
    }

    /// <summary>Where the process serves now.</summary>
    public Uri Address => _address ?? throw new InvalidOperationException("Not started.");

    public bool IsRunning => _process is not null;

    public string Data => Path.Combine(_folder, DataFolder);

    /// <summary>All that the processes of this installation have written to their consoles.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public string Traces => ReadShared(ChildApp.Traces);

    /// <summary>The carrier takes an SMS and does not answer.</summary>
    public bool CarrierHangs
    {
        set
        {
            var file = Path.Combine(_folder, ChildApp.Hang);
            if (value)
                File.WriteAllText(file, "");
            else
                File.Delete(file);
        }
    }

    /// <summary>Starts a process and waits until it serves.</summary>
    /// <param name="later">How much time has passed meanwhile.</param>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> StartAsync(TimeSpan later = default, params string[] settings)
    {
        var clock = Stopwatch.StartNew();
        _ahead += later;
        var ready = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments = [typeof(ServedApp).Assembly.Location, "serve", _folder, $"{_ahead.TotalSeconds:0}", .. _postgres is null ? [] : new[] { $"ConnectionStrings:Postgres={_postgres}" }, .. settings];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, e) => Note(e.Data);
        _process.ErrorDataReceived += (_, e) => Note(e.Data);
        _process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"The process ended:\n{Output}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _address = await ready.Task.WaitAsync(TimeSpan.FromSeconds(120));
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(_address, "/"))).StatusCode);
        return clock.Elapsed;

        void Note(string? line)
        {
            if (line is null)
                return;
            lock (_output)
                _output.AppendLine(line);
            if (line.StartsWith(Ready, StringComparison.Ordinal))
                ready.TrySetResult(new Uri(line[Ready.Length..]));
        }
    }

    /// <summary>kill -9: nothing is flushed, finished or said goodbye to.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
            return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Sends a signal by its name, such as STOP and CONT: the process stands still, and knows of nothing when it goes on.</summary>
    public Task SignalAsync(string name) => Signal.SendAsync(_process!, name);

    /// <summary>Asks the process to end, waits until it has finished what it had begun, and returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        return await ExitAsync();
    }

    /// <summary>Waits until the process that was asked to has ended, and returns its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        await _process!.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(40));
        var code = _process.ExitCode;
        _process.Dispose();
        _process = null;
        return code;
    }

    public TestBrowser NewBrowser() => new(new CookieContainer(), new ToCurrentProcess(this));

    /// <summary>What was handed to the carrier or the relay, by any process, with this text in it.</summary>
    public IReadOnlyList<string> Posted(string channel, string text) =>
        [.. string.Concat(Directory.GetFiles(_folder, ChildApp.Outbox + "*").Select(ReadShared)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<Posted>(line)!)
            .Where(posted => posted.Channel == channel && posted.Text.Contains(text, StringComparison.Ordinal)).Select(posted => posted.Text)];

    /// <summary>The conversation as it is stored, read beside the process that serves it.</summary>
    public async Task<Conversation> ReadAsync(Guid id)
    {
        await using var database = PostgresDatabase.Open(_postgres!);
        await using var reader = new TestCopy(database, new FakeTime());
        return await reader.ReadAsync(id);
    }

    /// <param name="instead">What is so meanwhile.</param>
    public static async Task UntilAsync(Func<Task<bool>> isSo, string what, Func<Task<string>>? instead = null)
    {
        var clock = Stopwatch.StartNew();
        while (!await isSo())
        {
            if (clock.Elapsed > TimeSpan.FromSeconds(150))
                Assert.Fail($"Waited for 150 seconds: {what}\n{(instead is null ? "" : await instead())}");
            await Task.Delay(50);
        }
    }

    public static Task UntilAsync(Func<bool> isSo, string what) => UntilAsync(() => Task.FromResult(isSo()), what);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        if (_first is not null)
            return;
        if (_hasOwn)
            TestPostgres.DropDatabase(_postgres!);
        // A server of the app's own ends a moment after it, and writes until then.
        await UntilAsync(IsDeleted, "the app's own server writes no more");
    }

    private bool IsDeleted()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return !Directory.Exists(_folder);
        }
    }

    private string ReadShared(string name)
    {
        var file = Path.Combine(_folder, name);
        if (!File.Exists(file))
            return "";
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }

    /// <summary>A browser knows one address; the port behind it changes with each process.</summary>
    private sealed class ToCurrentProcess(ServedApp app) : DelegatingHandler(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var asked = request.RequestUri!;
            request.RequestUri = new Uri(app._address!, asked.PathAndQuery);
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            finally
            {
                request.RequestUri = asked;
            }
        }
    }
}
