using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PatientResponse.Tests.Support;

/// <summary>The real clamd of this test run. Tests that use it run one after the other, as some of them stop it for a while.</summary>
[CollectionDefinition(Name, DisableParallelization = false)]
public sealed class Clamd
{
    public const string Name = "ClamAV";

    /// <summary>Says where it listens and which process it is: HOST:PORT/PROCESS.</summary>
    private const string Setting = "TEST_CLAMAV";

    private static readonly SemaphoreSlim Alone = new(1);

    /// <summary>The standard test virus in a pdf. Put together here, so that no scanner finds it in these sources.</summary>
    public static byte[] InfectedPdf => Infrastructure.Files.SampleFiles.PdfWith($"/Title (X5O!P%@AP[4 {"EICAR-STANDARD-"}{"ANTIVIRUS-TEST-FILE"}!$H+H*)");

    private Clamd(string host, int port, int process) => (Host, Port, Process) = (host, port, process);

    public string Host { get; }

    public int Port { get; }

    private int Process { get; }

    /// <summary>Without it the test is skipped, and fails where CI=true.</summary>
    public static Clamd OfThisRun()
    {
        var setting = Environment.GetEnvironmentVariable(Setting);
        if (string.IsNullOrEmpty(setting))
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"Set {Setting}: in CI nothing is skipped.");
            Assert.Skip($"{Setting} is not set.");
        }
        var parts = setting.Split(':', '/');
        return new(parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture), int.Parse(parts[2], CultureInfo.InvariantCulture));
    }

    /// <summary>It takes connections and does nothing more, until the result is disposed of.</summary>
    public IDisposable Hangs()
    {
        Alone.Wait();
        Signal("STOP");
        return new Until(() =>
        {
            Signal("CONT");
            Alone.Release();
        });
    }

    /// <summary>Nobody makes it hang until the result is disposed of.</summary>
    public static IDisposable GoesOn()
    {
        Alone.Wait();
        return new Until(() => Alone.Release());
    }

    private void Signal(string signal)
    {
        using var kill = System.Diagnostics.Process.Start(new ProcessStartInfo("kill", [$"-{signal}", $"{Process}"]))!;
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    private sealed class Until(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}

/// <summary>Something on clamd's port that behaves badly.</summary>
public sealed class FalseClamd : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    /// <param name="behave">What it does with one connection, which is then closed.</param>
    public FalseClamd(Func<NetworkStream, Task> behave)
    {
        _listener.Start();
        _ = Task.Run(async () =>
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                Connections++;
                try
                {
                    await behave(client.GetStream());
                }
                catch (IOException)
                {
                    // The other side has gone.
                }
            }
        });
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections { get; private set; }

    /// <summary>Hears a file out and answers.</summary>
    public static FalseClamd Saying(string reply) => new(async stream =>
    {
        await HearOutAsync(stream);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(reply));
    });

    /// <summary>Reads up to the chunk of no bytes that ends a file; says how many bytes the file had.</summary>
    public static async Task<int> HearOutAsync(NetworkStream stream)
    {
        await stream.ReadExactlyAsync(new byte["zINSTREAM\0".Length]);
        var (length, total) = (new byte[4], 0);
        while (true)
        {
            await stream.ReadExactlyAsync(length);
            var chunk = new byte[System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(length)];
            if (chunk.Length == 0)
                return total;
            await stream.ReadExactlyAsync(chunk);
            total += chunk.Length;
        }
    }

    public void Dispose() => _listener.Dispose();
}

/// <summary>A scanner that says what a test wants.</summary>
public sealed class ScriptedScanner : PatientResponse.Infrastructure.Scan.IFileScanner
{
    public Func<byte[], PatientResponse.Infrastructure.Scan.ScanOutcome> Says { get; set; } = _ => PatientResponse.Infrastructure.Scan.ScanOutcome.Clean;

    /// <summary>Runs while a file is being scanned.</summary>
    public Func<Task> During { get; set; } = () => Task.CompletedTask;

    public int Scans { get; private set; }

    public async Task<PatientResponse.Infrastructure.Scan.ScanOutcome> ScanAsync(Stream plain, CancellationToken cancellation = default)
    {
        Scans++;
        using var bytes = new MemoryStream();
        await plain.CopyToAsync(bytes, cancellation);
        await During();
        return Says(bytes.ToArray());
    }
}
