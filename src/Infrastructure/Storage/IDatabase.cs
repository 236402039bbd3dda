namespace PatientResponse.Infrastructure.Storage;

/// <summary>One SQL command with its parameters. <paramref name="MustAffect"/> is how many rows it has to change;
/// another number means that somebody else was faster.</summary>
public sealed record Statement(string Sql, IReadOnlyDictionary<string, object?> Parameters, int? MustAffect = null);

/// <summary>The database, PostgreSQL, as all of storage speaks to it.</summary>
public interface IDatabase
{
    /// <summary>Brings the schema up to date. Many processes may call it at once.</summary>
    Task ApplySchemaAsync(CancellationToken cancellation);

    /// <summary>Reads rows. <paramref name="parameters"/> is an anonymous object.</summary>
    Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken cancellation);

    /// <summary>Runs one writing command that returns rows (<c>… returning …</c>), in a transaction of its own.</summary>
    Task<IReadOnlyList<T>> WriteAsync<T>(string sql, object? parameters, CancellationToken cancellation);

    /// <summary>Runs all statements in one transaction and one round trip.</summary>
    /// <exception cref="ConcurrencyException">Another writer was faster; nothing was changed.</exception>
    Task SaveAsync(IReadOnlyList<Statement> statements, CancellationToken cancellation);
}

/// <summary>Another writer changed the same thing first. Read again and decide again.</summary>
public sealed class ConcurrencyException : Exception
{
    public ConcurrencyException() { }
    public ConcurrencyException(string message) : base(message) { }
    public ConcurrencyException(string message, Exception inner) : base(message, inner) { }
}
