using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Processes.Faults;

/// <summary>One copy of the product as it is, with a wire of its own to everybody that it talks to, and a clock that can be moved while it runs.</summary>
internal sealed class ProductProcess : IAsyncDisposable
{
    private const string IsReady = "PatientResponse is ready";

    /// <summary>Null where it is not installed: then no clock can be moved.</summary>
    private static readonly string? FakeTime = Directory.Exists("/usr/lib")
        ? Directory.GetDirectories("/usr/lib", "*-linux-gnu").Select(folder => Path.Combine(folder, "faketime/libfaketimeMT.so.1")).FirstOrDefault(File.Exists) : null;

    private readonly StringBuilder _output = new();
    private readonly string _clock;
    private readonly Wires? _wires;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private Process? _process;
    private Task _starting = Task.CompletedTask;
    private bool _isOver;

    /// <param name="folder">For its clock.</param>
    /// <param name="wires">Null: it talks to everybody directly.</param>
    /// <param name="settings">What it is started with.</param>
    public ProductProcess(string name, string folder, Wires? wires, IReadOnlyDictionary<string, string> settings)
    {
        (Name, _wires, _settings, _clock) = (name, wires, settings, Path.Combine(folder, $"clock-{name}"));
        File.WriteAllText(_clock, "+0");
    }

    public string Name { get; }

    public Wires Wires => _wires ?? throw new InvalidOperationException("It has none.");

    public Uri Address { get; private set; } = null!;

    /// <summary>A load balancer would send it requests.</summary>
    public bool Serves { get; private set; }

    public bool IsAlive => _process is not null;

    public bool IsPaused { get; private set; }

    public bool HasWrongClock { get; private set; }

    /// <summary>In bytes, as the system counts it.</summary>
    public long Memory => _process!.Refreshed().WorkingSet64;

    /// <summary>Processor time that it has used.</summary>
    public TimeSpan Work => _process!.Refreshed().TotalProcessorTime;

    public static bool ClocksCanBeMoved => FakeTime is not null;

    /// <summary>All that this process, and those before it, have written.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Starts it where that is not under way, as often as it takes: what it needs may be away just now, and it may be killed meanwhile.</summary>
    public Task StartAsync()
    {
        lock (_output)
            return _starting = _starting.IsCompleted ? KeepStartingAsync() : _starting;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        Serves = false;
        if (Interlocked.Exchange(ref _process, null) is not { } process)
            return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <summary>Asks it to end, and returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        Serves = false;
        await Signal.SendAsync(_process!, "TERM");
        await _process!.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        var code = _process.ExitCode;
        _process.Dispose();
        _process = null;
        return code;
    }

    /// <summary>It stands still, and knows of nothing when it goes on.</summary>
    public async Task PauseAsync()
    {
        (Serves, IsPaused) = (false, true);
        await Signal.SendAsync(_process!, "STOP");
    }

    public async Task ResumeAsync()
    {
        await Signal.SendAsync(_process!, "CONT");
        (Serves, IsPaused) = (true, false);
    }

    /// <param name="by">As libfaketime has it: +40d, -2h, +0. Only the time of day: a real clock that is set moves nothing else.</param>
    public void MoveClock(string by)
    {
        HasWrongClock = by != "+0";
        // At once or not at all: it may be read in this moment.
        File.WriteAllText(_clock + ".new", by);
        File.Move(_clock + ".new", _clock, overwrite: true);
    }

    public async ValueTask DisposeAsync()
    {
        _isOver = true;
        await KillAsync();
        await _starting;
        _wires?.Dispose();
    }

    private async Task KeepStartingAsync()
    {
        while (!_isOver && !await TryStartAsync()) { }
        if (_isOver)
            await KillAsync();
    }

    private async Task<bool> TryStartAsync()
    {
        Address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in _settings)
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        start.Environment["ASPNETCORE_URLS"] = Address.OriginalString;
        if (FakeTime is not null)
            foreach (var (key, value) in new[]
            {
                ("LD_PRELOAD", FakeTime), ("FAKETIME_TIMESTAMP_FILE", _clock), ("FAKETIME_CACHE_DURATION", "1"), ("FAKETIME_DONT_FAKE_MONOTONIC", "1"), ("DONT_FAKE_MONOTONIC", "1"),
            })
                start.Environment[key] = value;
        var (process, ready) = (new Process { StartInfo = start, EnableRaisingEvents = true }, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        process.OutputDataReceived += (_, e) => Note(e.Data);
        process.ErrorDataReceived += (_, e) => Note(e.Data);
        process.Exited += (_, _) => ready.TrySetResult(false);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        Serves = await ready.Task.WaitAsync(TimeSpan.FromMinutes(10));
        if (!Serves && Interlocked.CompareExchange(ref _process, null, process) == process)
            process.Dispose();
        return Serves;

        void Note(string? line)
        {
            if (line is null)
                return;
            lock (_output)
                _output.AppendLine(line);
            if (line.Contains(IsReady, StringComparison.Ordinal))
                ready.TrySetResult(true);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

file static class Fresh
{
    public static Process Refreshed(this Process process)
    {
        process.Refresh();
        return process;
    }
}
