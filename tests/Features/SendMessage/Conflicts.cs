using Microsoft.Extensions.DependencyInjection;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Tests.Features.SendMessage;

/// <summary>A database that answers the next saves of a new message with a conflict that has nothing to do with it.</summary>
public sealed class Conflicts
{
    public int Left { get; set; }

    /// <summary>Put in front of the app's database; before its first use.</summary>
    public void Use(IServiceCollection services)
    {
        var real = services.Single(service => service.ServiceType == typeof(IDatabase));
        services.Remove(real);
        services.AddSingleton<IDatabase>(provider => new Database((IDatabase)real.ImplementationFactory!(provider), this));
    }

    private sealed class Database(IDatabase real, Conflicts conflicts) : IDatabase
    {
        public Task ApplySchemaAsync(CancellationToken cancellation) => real.ApplySchemaAsync(cancellation);

        public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken cancellation) => real.QueryAsync<T>(sql, parameters, cancellation);

        public Task<IReadOnlyList<T>> WriteAsync<T>(string sql, object? parameters, CancellationToken cancellation) => real.WriteAsync<T>(sql, parameters, cancellation);

        public Task SaveAsync(IReadOnlyList<Statement> statements, CancellationToken cancellation)
        {
            if (conflicts.Left == 0 || !statements.Any(statement => statement.Parameters.Values.Contains("MessageSent")))
                return real.SaveAsync(statements, cancellation);
            conflicts.Left--;
            throw new ConcurrencyException();
        }
    }
}
