using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace PatientResponse.Tests.Support;

/// <summary>Another gateway to the run's S3 store, which a test may stop, hang and start again.</summary>
/// <param name="certificate">To serve TLS with: a file with the certificate, and one with its key.</param>
public sealed class S3Gateway(S3Server server, (string Certificate, string Key)? certificate = null) : IAsyncDisposable
{
    private readonly int port = FreePort();
    private Process? process;

    public string ServiceUrl => certificate is null ? $"http://127.0.0.1:{port}" : $"https://localhost:{port}";

    public async Task StartAsync()
    {
        process = Process.Start(new ProcessStartInfo("radosgw",
            ["-c", server.Conf, "-n", "client.rgw", "-f", "--rgw-frontends", Frontend])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        for (var tries = 600; ; tries--)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (tries > 0 && !process.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }

    private string Frontend => certificate is var (file, key)
        ? $"beast ssl_endpoint=127.0.0.1:{port} ssl_certificate={file} ssl_private_key={key}"
        : $"beast endpoint=127.0.0.1:{port}";

    public async Task StopAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>It takes connections and answers nothing.</summary>
    public Task HangAsync() => SignalAsync("-STOP");

    public Task ResumeAsync() => SignalAsync("-CONT");

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false }) await StopAsync();
        process?.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{process!.Id}"]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
