namespace PatientResponse.Infrastructure.Storage;

/// <summary>The database: documents and events through Marten, and tables of our own that no package has.</summary>
public interface IDatabase
{
    /// <summary>Brings the schema up to date. Many processes may call it at once.</summary>
    /// <exception cref="OldSchemaException">The tables are those of before Marten.</exception>
    Task ApplySchemaAsync(CancellationToken cancellation);

    /// <summary>Whether the schema is at least what this process needs. One that is ahead is fine.</summary>
    Task<bool> IsUpToDateAsync(CancellationToken cancellation);

    /// <summary>Reads rows. <paramref name="parameters"/> is an anonymous object.</summary>
    Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken cancellation);

    /// <summary>Asks all questions in one round trip, in their order.</summary>
    Task ReadAsync(IReadOnlyList<Question> questions, CancellationToken cancellation);

    /// <summary>Runs one writing command that returns rows (<c>… returning …</c>), in a transaction of its own.</summary>
    Task<IReadOnlyList<T>> WriteAsync<T>(string sql, object? parameters, CancellationToken cancellation);

    /// <summary>Runs all statements in one transaction and one round trip.</summary>
    /// <exception cref="ConcurrencyException">Another writer was faster; nothing was changed.</exception>
    Task SaveAsync(IReadOnlyList<Statement> statements, CancellationToken cancellation);

    /// <summary>The same with events and documents, through a Marten session.</summary>
    /// <param name="prepare">Makes the session ready, such as with the keys of its events.</param>
    /// <exception cref="ConcurrencyException">Another writer was faster; nothing was changed.</exception>
    Task SaveAsync(IReadOnlyList<Change> changes, Action<Marten.IDocumentSession> prepare, CancellationToken cancellation);
}

/// <summary>Another writer changed the same thing first. Read again and decide again.</summary>
public sealed class ConcurrencyException : Exception
{
    public ConcurrencyException() { }
    public ConcurrencyException(string message) : base(message) { }
    public ConcurrencyException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>The answer to a save was lost: it may have been done all the same.</summary>
public sealed class UnclearSaveException : Exception
{
    public UnclearSaveException() { }
    public UnclearSaveException(string message) : base(message) { }
    public UnclearSaveException(string message, Exception? inner) : base(message, inner) { }
}

/// <summary>The database is from before Marten. Nothing in it was changed.</summary>
public sealed class OldSchemaException() : Exception(
    "This database holds conversations of an earlier version, which this one cannot read. Nothing in it was changed. Give an empty database.");
