using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PatientResponse.Tests.Processes;

/// <summary>What stands in front of several copies: it passes every request to the next one, and on to another where none listens.
/// A request that a copy may have acted on is not repeated: the browser gets 502.</summary>
public sealed class LoadBalancer : IAsyncDisposable
{
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, UseProxy = false });
    private readonly WebApplication _app;
    private readonly ServedApp[] _copies;
    private readonly Dictionary<string, ServedApp> _pinned = [];
    private Loss? _loss;
    private int _next;

    private LoadBalancer(ServedApp[] copies)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(options => options.Limits.MaxRequestBodySize = null);
        (_copies, _app) = (copies, builder.Build());
        _app.Run(PassAsync);
    }

    public Uri Address => new(_app.Urls.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal));

    public static async Task<LoadBalancer> StartAsync(params ServedApp[] copies)
    {
        var balancer = new LoadBalancer(copies);
        await balancer._app.StartAsync();
        return balancer;
    }

    /// <summary>The next POST to this path (below it, where it ends in a slash) goes to this copy, which does what it is asked and is killed before its answer arrives.</summary>
    /// <param name="first">Waited for before it is killed.</param>
    public void LoseAnswer(string path, ServedApp copy, Func<Task> first) => _loss = new(path, copy, first);

    /// <summary>Requests to this path go to this copy; before the first request.</summary>
    public void Pin(string path, ServedApp copy) => _pinned[path] = copy;

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var loss = context.Request.Method == "POST" && _loss?.IsAt(context.Request.Path) == true ? Interlocked.Exchange(ref _loss, null) : null;
        var copies = loss is not null ? [loss.Copy]
            : _pinned.TryGetValue(context.Request.Path.Value!, out var pinned) ? [pinned]
            : Enumerable.Range(Interlocked.Increment(ref _next), _copies.Length).Select(n => _copies[n % _copies.Length]);
        foreach (var copy in copies.Where(copy => copy.IsRunning))
        {
            try
            {
                using var answer = await _http.SendAsync(Request(context.Request, copy, body.ToArray()), context.RequestAborted);
                if (loss is not null)
                {
                    await loss.First();
                    await copy.KillAsync();
                    break;
                }
                await AnswerAsync(context, answer);
                return;
            }
            catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError || HttpMethods.IsGet(context.Request.Method))
            {
            }
        }
        context.Response.StatusCode = StatusCodes.Status502BadGateway;
        await context.Response.WriteAsync("Bad gateway");
    }

    private static HttpRequestMessage Request(HttpRequest asked, ServedApp copy, byte[] body)
    {
        var request = new HttpRequestMessage(new(asked.Method), new Uri(copy.Address, asked.Path.ToUriComponent() + asked.QueryString));
        if (body.Length > 0)
            request.Content = new ByteArrayContent(body);
        foreach (var header in asked.Headers.Where(header => header.Key is not ("Connection" or "Content-Length")))
            if (!request.Headers.TryAddWithoutValidation(header.Key, header.Value.AsEnumerable()))
                request.Content?.Headers.TryAddWithoutValidation(header.Key, header.Value.AsEnumerable());
        return request;
    }

    private static async Task AnswerAsync(HttpContext context, HttpResponseMessage answer)
    {
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var header in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key != "Transfer-Encoding"))
            context.Response.Headers[header.Key] = header.Value.ToArray();
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private sealed record Loss(string Path, ServedApp Copy, Func<Task> First)
    {
        public bool IsAt(string? path) => Path.EndsWith('/') ? path!.StartsWith(Path, StringComparison.Ordinal) : path == Path;
    }
}
