using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Tests.Support;

/// <summary>Passes everything on, but for what a test does in between.</summary>
public abstract class DatabaseInFront(IDatabase real) : IDatabase
{
    public Task ApplySchemaAsync(CancellationToken cancellation) => real.ApplySchemaAsync(cancellation);

    public async Task<bool> IsUpToDateAsync(CancellationToken cancellation)
    {
        await BeforeReadAsync("schema");
        return await real.IsUpToDateAsync(cancellation);
    }

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken cancellation)
    {
        await BeforeReadAsync(sql);
        return await real.QueryAsync<T>(sql, parameters, cancellation);
    }

    public async Task ReadAsync(IReadOnlyList<Question> questions, CancellationToken cancellation)
    {
        foreach (var question in questions)
            await BeforeReadAsync(question.What);
        await real.ReadAsync(questions, cancellation);
    }

    public Task<IReadOnlyList<T>> WriteAsync<T>(string sql, object? parameters, CancellationToken cancellation) => real.WriteAsync<T>(sql, parameters, cancellation);

    public async Task SaveAsync(IReadOnlyList<Statement> statements, CancellationToken cancellation)
    {
        await BeforeSaveAsync(statements);
        await real.SaveAsync(statements, cancellation);
    }

    public async Task SaveAsync(IReadOnlyList<Change> changes, Action<Marten.IDocumentSession> prepare, CancellationToken cancellation)
    {
        await BeforeSaveAsync(changes);
        await real.SaveAsync(changes, prepare, cancellation);
    }

    /// <param name="what">SQL, or what a session reads.</param>
    protected virtual Task BeforeReadAsync(string what) => Task.CompletedTask;

    protected virtual Task BeforeSaveAsync(IReadOnlyList<Change> changes) => Task.CompletedTask;
}
