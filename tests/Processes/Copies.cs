using System.Net;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Processes;

/// <summary>Two real processes on one PostgreSQL and one file folder.</summary>
public sealed class Copies : IAsyncDisposable
{
    private readonly TestDatabase _stored;

    private Copies(TestDatabase stored)
    {
        _stored = stored;
        One = new(stored.ConnectionString);
        Two = new(beside: One);
    }

    public ServedApp One { get; }
    public ServedApp Two { get; }

    public string ConnectionString => _stored.ConnectionString;

    /// <summary>Beside both.</summary>
    public IDatabase Database => _stored.Database;

    /// <summary>With an empty database; neither runs yet.</summary>
    public static async Task<Copies> CreateAsync() => new(await TestDatabase.StartAsync());

    /// <summary>Starts both at once.</summary>
    public Task StartAsync(params string[] settings) => Task.WhenAll(One.StartAsync(settings: settings), Two.StartAsync(settings: settings));

    /// <summary>Until no message is due soon or being handled.</summary>
    public Task IdleAsync() => ServedApp.UntilAsync(
        async () => await Database.CountAsync($"{QueuedWork.Waiting} where substring(message_type from '[^.]*$') in ('DeliverSms', 'RecordDelivery', 'NotifyRequester') and execution_time < @soon",
            new { soon = DateTimeOffset.UtcNow.AddHours(1) }) == 0, "the queue is done");

    /// <summary>A browser whose every request goes to the other copy than the one before.</summary>
    public TestBrowser NewBrowser() => new(new CookieContainer(), new Alternating([One, Two]));

    public async ValueTask DisposeAsync()
    {
        await Two.DisposeAsync();
        await One.DisposeAsync();
        await _stored.DisposeAsync();
    }

    private sealed class Alternating(ServedApp[] copies) : DelegatingHandler(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
    {
        private int _next;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var asked = request.RequestUri!;
            request.RequestUri = new Uri(copies[_next++ % copies.Length].Address, asked.PathAndQuery);
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
