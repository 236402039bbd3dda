using JasperFx.CodeGeneration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Email;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;
using Wolverine;
using Wolverine.Runtime;
using OutgoingMessages = PatientResponse.Infrastructure.Storage.OutgoingMessages;

namespace PatientResponse.Tests.Support;

/// <summary>One copy of the process without its pages: storage, messages and a carrier, on a database that other copies may share.</summary>
public sealed class TestCopy : IAsyncDisposable
{
    /// <summary>All copies of an installation have the same master key.</summary>
    public static readonly byte[] MasterKey = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private readonly ServiceProvider _services;
    private readonly Lazy<Task<QueuedWork>> _work;

    public TestCopy(IDatabase database, FakeTime time, ISmsSender? carrier = null, Keyring? keys = null)
    {
        Time = time;
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(new OwnClock(time));
        services.AddSingleton<IOtherClocks>(new AgreeingClocks(time));
        services.AddSingleton<CheckedTime>();
        services.AddSingleton<TimeProvider>(provider => provider.GetRequiredService<CheckedTime>());
        services.AddSingleton<Clocks>();
        services.AddSingleton(database); // Not by a factory: the container would dispose of what the test owns.
        services.AddSingleton(_ => keys ?? new Keyring(Task.Run(() => RootKey.OpenAsync(database, new(MasterKey, []))).GetAwaiter().GetResult()));
        services.AddSingleton<Counters>();
        services.AddSingleton<KnownVersions>();
        services.Configure<MessagingOptions>(options => options.Workers = 0);
        services.AddSingleton(new HandlersOf(typeof(TestCopy).Assembly));
        services.AddSingleton(database is PostgresDatabase known ? known.Source : Npgsql.NpgsqlDataSource.Create("Host=nowhere.invalid"));
        services.AddSingleton<QueueCare>();
        services.AddMessageHandling(options => options.UseRuntimeCompilation());
        services.AddSingleton<IWolverineExtension>(new CompiledWhereNew());
        services.AddSingleton(carrier ?? new NoCarrier());
        services.AddSingleton<CapturedMessages>();
        services.AddSingleton<IEmailSender, CapturingEmailSender>();
        services.AddSingleton(new PublicAddress(new ConfigurationManager { ["PublicUrl"] = "https://reply.example.nhs.uk" }, null!));
        services.AddSingleton<Script>();
        services.AddScoped<Actor>();
        services.AddScoped<IDocumentSession, DocumentSession>();
        _services = services.BuildServiceProvider();
        _work = new(async () =>
        {
            await Wolverine.StartAsync(CancellationToken.None);
            return new(_services);
        });
    }

    public FakeTime Time { get; }

    /// <summary>What the messages of these tests do in the middle of their handling.</summary>
    public Script Script => _services.GetRequiredService<Script>();

    /// <summary>The subjects of the emails that this copy sent, oldest first.</summary>
    public IReadOnlyList<string> Emails => [.. _services.GetRequiredService<CapturedMessages>().NewestFirst().Reverse().Select(email => email.Subject!)];

    public Keyring Keys => _services.GetRequiredService<Keyring>();

    public Counters Counters => _services.GetRequiredService<Counters>();

    public IServiceScopeFactory Scopes => _services.GetRequiredService<IServiceScopeFactory>();

    private IHostedService Wolverine => (IHostedService)_services.GetRequiredService<IWolverineRuntime>();

    /// <summary>Does the next message that is due. False when there is none.</summary>
    public async Task<bool> ProcessOneAsync() => await (await _work.Value).DoOneAsync();

    /// <summary>Its number among the copies.</summary>
    public int Node => _services.GetRequiredService<MessageQueue>().Node;

    public QueueCare Care => _services.GetRequiredService<QueueCare>();

    /// <summary>Wolverine brings the next message, by a clock that is ahead of the app's.</summary>
    public async Task IsBroughtByWolverineAsync() => await (await _work.Value).DoOneAsync(ahead: TimeSpan.FromDays(40));

    /// <summary>It is taken for dead: other copies may have what it has in hand.</summary>
    public async Task IsTakenForDeadAsync() => await (await _work.Value).ReleaseAsync();

    /// <summary>Does everything that is due now.</summary>
    public async Task DoQueuedWorkAsync()
    {
        while (await ProcessOneAsync()) { }
    }

    /// <summary>What lists read, as it stands in the database: it fails where one row is damaged.</summary>
    public Task<IReadOnlyList<ConversationSummary>> RowsOfAsync(string requester) => WithAsync(session =>
        session.RowsAsync<ConversationRow, ConversationSummary>("where r.requester = @requester", new { requester }));

    public async Task<T> WithAsync<T>(Func<IDocumentSession, Task<T>> work)
    {
        await using var scope = _services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<IDocumentSession>());
    }

    /// <summary>One unit of work: changes, then one save.</summary>
    public Task SaveAsync(Action<IDocumentSession> change) => WithAsync(async session =>
    {
        change(session);
        await session.SaveChangesAsync();
        return true;
    });

    public Task<IEventStream<Conversation>?> FetchAsync(Guid id) => WithAsync(session => session.Events.FetchForWriting<Conversation>(id));

    /// <summary>The conversation as it is now.</summary>
    public async Task<Conversation> ReadAsync(Guid id) => (await FetchAsync(id))!.Aggregate;

    /// <summary>The names of what happened, oldest first.</summary>
    public async Task<IReadOnlyList<string>> EventsOfAsync(Guid id) => [.. (await FetchAsync(id))!.History.Select(e => e.Data.GetType().Name)];

    public Task AppendAsync(Guid id, params object[] events) => WithAsync(async session =>
    {
        (await session.Events.FetchForWriting<Conversation>(id))!.AppendMany(events);
        await session.SaveChangesAsync();
        return true;
    });

    /// <summary>A conversation that has just begun.</summary>
    public async Task<Guid> StartAsync(OutgoingMessages? messages = null, LinkToken? token = null, string text = "How is the cough?")
    {
        var id = Guid.CreateVersion7();
        await SaveAsync(session =>
        {
            session.Events.StartStream<Conversation>(id, [Message(id, Time.GetUtcNow(), token, text)]);
            session.Publish(messages ?? []);
        });
        return id;
    }

    public static MessageSent Message(Guid id, DateTimeOffset at, LinkToken? token = null, string text = "How is the cough?") => new(
        id, id.ToString("N"), "riverside", "alice", "Dr Alice", new("1", "Jane Roebuck", "9990000026", new(1980, 1, 31), "+447700900123", false),
        text, $"Dear Jane, {text} Riverside", (token ?? LinkToken.New()).Value, at);

    public async ValueTask DisposeAsync()
    {
        if (_work.IsValueCreated)
            await Wolverine.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    /// <summary>The handlers of the tests have no code that was generated before.</summary>
    internal sealed class CompiledWhereNew : IWolverineExtension
    {
        public void Configure(WolverineOptions options) => options.CodeGeneration.TypeLoadMode = TypeLoadMode.Auto;
    }

    private sealed class NoCarrier : ISmsSender
    {
        public Task<SmsOutcome> SendAsync(OutgoingSms sms, CancellationToken cancellation) =>
            throw new InvalidOperationException("This test sends no SMS.");
    }
}
