namespace PatientResponse.Infrastructure.Storage;

/// <summary>Many rows on their way into a table. They gather in a temporary table, which holds up nobody and is gone with
/// its connection, however that ends; one transaction then takes them over.</summary>
public interface IStaging : IAsyncDisposable
{
    /// <summary>Adds a row: a value for each column, a text, a <see cref="long"/> or bytes.</summary>
    Task AddAsync(object[] row, CancellationToken cancellation);

    /// <summary>No more rows: from here on all statements are one transaction, and other writers wait for its end.
    /// What is not committed is undone.</summary>
    Task BeginAsync(CancellationToken cancellation);

    Task<T> ScalarAsync<T>(string sql, object parameters, CancellationToken cancellation);

    /// <returns>How many rows it changed.</returns>
    Task<int> ExecuteAsync(string sql, object parameters, CancellationToken cancellation);

    Task CommitAsync(CancellationToken cancellation);
}

/// <param name="Name">Of the temporary table.</param>
/// <param name="Columns">Those of <paramref name="Like"/> that it has; the first is its key.</param>
/// <param name="Like">The table whose types it takes.</param>
public sealed record StagingTable(string Name, string[] Columns, string Like)
{
    internal string Create => $"create temp table {Name} as select {string.Join(", ", Columns)} from {Like} where 1 = 0";
}
