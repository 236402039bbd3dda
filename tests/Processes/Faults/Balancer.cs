using System.Net;

namespace PatientResponse.Tests.Processes.Faults;

/// <summary>Between a browser and the processes: each request goes to any that serves. Who is not answered in time gives up, as people do,
/// while the process may still be at work on it.</summary>
/// <param name="from">The browser's own address.</param>
internal sealed class Balancer(World world, Random random, string from) : DelegatingHandler(Connections)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly SocketsHttpHandler Connections = new() { UseCookies = false, AllowAutoRedirect = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10) };

    /// <exception cref="HttpRequestException">Nobody answered.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var serving = world.Processes.Where(process => process.Serves).ToList();
        if (serving.Count == 0)
            throw new HttpRequestException("Nobody serves.");
        var process = serving[random.Next(serving.Count)];
        var asked = request.RequestUri!;
        request.RequestUri = new Uri(process.Address, asked.PathAndQuery);
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", from);
        if (request.Content is WatchedUpload upload)
            upload.AtHalf = () => world.Traps.ReachedAsync(Point.HalfUploaded, process);
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var response = await base.SendAsync(request, patience.Token);
            await response.Content.LoadIntoBufferAsync(patience.Token);
            return response;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            throw new HttpRequestException("The answer did not come.", e);
        }
        finally
        {
            request.RequestUri = asked;
        }
    }

    /// <summary>It is everybody's: one browser that is done ends nobody else's connections.</summary>
    protected override void Dispose(bool disposing) => base.Dispose(disposing: false);
}

/// <summary>A form that says when half of it has gone.</summary>
internal sealed class WatchedUpload : HttpContent
{
    private readonly byte[] _whole;

    public WatchedUpload(HttpContent form)
    {
        _whole = form.ReadAsByteArrayAsync().GetAwaiter().GetResult();
        Headers.ContentType = form.Headers.ContentType;
    }

    public Func<Task> AtHalf { get; set; } = () => Task.CompletedTask;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(_whole.AsMemory(0, _whole.Length / 2));
        await stream.FlushAsync();
        await AtHalf();
        await stream.WriteAsync(_whole.AsMemory(_whole.Length / 2));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _whole.Length;
        return true;
    }
}
