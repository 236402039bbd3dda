using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace PatientResponse.Tests.Benchmark;

/// <summary>What the machine could do if there were nothing to do: ASP.NET Core with one line of text, in a process of its own.</summary>
internal sealed class Plain(Process process, Uri address) : IAsyncDisposable
{
    public Uri Address => address;

    public static async Task ServeAsync(string address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.MapGet("/", () => "Hello");
        await app.RunAsync(address);
    }

    public static async Task<Plain> StartAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        listener.Stop();
        var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Plain).Assembly.Location, "plain", address.OriginalString]))!;
        using var http = new HttpClient();
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(30); await Task.Delay(50))
        {
            try
            {
                await http.GetStringAsync(address);
                break;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }
        }
        return new(process, address);
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
