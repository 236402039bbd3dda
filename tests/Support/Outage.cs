using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Tests.Support;

/// <summary>Takes the database or the file store away at a chosen moment of a request, and gives them back.</summary>
public sealed class Outage
{
    private int _calls;
    private int _failsFrom = int.MaxValue;
    private int _losesAnswerOf = int.MaxValue;
    private int _writes;
    private bool _storeIsAway;

    /// <summary>Put in front of both; before the app's first use.</summary>
    public void Use(IServiceCollection services)
    {
        InFront<IDatabase>(services, real => new Database(real, this));
        InFront<IFileStore>(services, real => new Store(real, this));
    }

    /// <summary>From this call on (1 is the next) the database cannot be reached.</summary>
    public void FailsFrom(int call) => (_calls, _failsFrom) = (0, call);

    /// <summary>This write (1 is the next) is done, its answer is lost, and the database is away from then on.</summary>
    public void LosesAnswerOf(int write) => (_writes, _losesAnswerOf) = (0, write);

    public void StoreGoes() => _storeIsAway = true;

    /// <summary>Everything is back.</summary>
    public void Ends() => (_failsFrom, _losesAnswerOf, _storeIsAway) = (int.MaxValue, int.MaxValue, false);

    private static void InFront<T>(IServiceCollection services, Func<T, T> wrap) where T : class
    {
        var real = services.Last(service => service.ServiceType == typeof(T));
        services.Remove(real);
        services.AddSingleton(provider => wrap((T)real.ImplementationFactory!(provider)));
    }

    private void Call()
    {
        if (Interlocked.Increment(ref _calls) >= _failsFrom)
            throw new NpgsqlException("The database is away.");
    }

    private async Task<T> WriteAsync<T>(Func<Task<T>> write)
    {
        Call();
        var result = await write();
        if (Interlocked.Increment(ref _writes) != _losesAnswerOf)
            return result;
        FailsFrom(1);
        throw new NpgsqlException("The answer was lost.");
    }

    private sealed class Database(IDatabase real, Outage outage) : IDatabase
    {
        public Task ApplySchemaAsync(CancellationToken cancellation) => real.ApplySchemaAsync(cancellation);

        public Task<bool> IsUpToDateAsync(CancellationToken cancellation) => real.IsUpToDateAsync(cancellation);

        public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken cancellation)
        {
            outage.Call();
            return await real.QueryAsync<T>(sql, parameters, cancellation);
        }

        public async Task ReadAsync(IReadOnlyList<Question> questions, CancellationToken cancellation)
        {
            outage.Call();
            await real.ReadAsync(questions, cancellation);
        }

        public Task<IReadOnlyList<T>> WriteAsync<T>(string sql, object? parameters, CancellationToken cancellation) =>
            outage.WriteAsync(() => real.WriteAsync<T>(sql, parameters, cancellation));

        public Task SaveAsync(IReadOnlyList<Statement> statements, CancellationToken cancellation) =>
            outage.WriteAsync(async () => { await real.SaveAsync(statements, cancellation); return true; });

        public Task SaveAsync(IReadOnlyList<Change> changes, Action<Marten.IDocumentSession> prepare, CancellationToken cancellation) =>
            outage.WriteAsync(async () => { await real.SaveAsync(changes, prepare, cancellation); return true; });
    }

    private sealed class Store(IFileStore real, Outage outage) : IFileStore
    {
        public Task WriteAsync(string name, Stream content, CancellationToken cancellation = default) => There().WriteAsync(name, content, cancellation);

        public Task<Stream> OpenReadAsync(string name, CancellationToken cancellation = default) => There().OpenReadAsync(name, cancellation);

        public Task DeleteAsync(string name, CancellationToken cancellation = default) => There().DeleteAsync(name, cancellation);

        public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellation = default) => There().ListAsync(prefix, cancellation);

        private IFileStore There() => outage._storeIsAway ? throw new FileStoreUnavailableException(new IOException()) : real;
    }
}
