using System.Data.Common;
using Dapper;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>One question to the database. Those that are asked together share a round trip.</summary>
/// <param name="What">Is asked, in a word.</param>
/// <param name="TakeAsync">Takes the rows of the answer. A connection that broke is no end: then all are asked once more.</param>
public sealed record Question(string What, string Sql, IReadOnlyDictionary<string, object> Parameters, Func<DbDataReader, CancellationToken, Task> TakeAsync)
{
    /// <param name="row">Reads the row that the reader stands on.</param>
    public static Question Of<TRow, T>(
        string what, string sql, IReadOnlyDictionary<string, object> parameters, Func<DbDataReader, TRow> row, Answer<T> answer, Func<IReadOnlyList<TRow>, T> open) =>
        new(what, sql, parameters, async (reader, cancellation) =>
        {
            var rows = new List<TRow>();
            while (await reader.ReadAsync(cancellation))
                rows.Add(row(reader));
            answer.Set(() => open(rows));
        });

    /// <summary>Rows as they are.</summary>
    public static Question Of<T>(string sql, IReadOnlyDictionary<string, object> parameters, Answer<IReadOnlyList<T>> answer) =>
        new(sql, sql, parameters, async (reader, cancellation) =>
        {
            var rows = new List<T>();
            // Dapper's parser of single rows takes no text.
            var parser = typeof(T) == typeof(string) ? row => row.GetFieldValue<T>(0) : reader.GetRowParser<T>();
            while (await reader.ReadAsync(cancellation))
                rows.Add(parser(reader));
            answer.Set(() => rows);
        });

    /// <param name="parameters">An anonymous object, or a dictionary.</param>
    public static IReadOnlyDictionary<string, object> Named(object parameters) => parameters as IReadOnlyDictionary<string, object>
        ?? parameters.GetType().GetProperties().ToDictionary(property => property.Name, property => property.GetValue(parameters)!);
}

/// <summary>What a question comes to, once it was asked.</summary>
public sealed class Answer<T>
{
    private Lazy<T>? _value;

    /// <exception cref="System.Security.Cryptography.CryptographicException">What is stored is not what was.</exception>
    public T Value => (_value ?? throw new InvalidOperationException("It was not asked yet.")).Value;

    internal void Set(Func<T> open) => _value = new(open);
}

/// <summary>By what a stream or a document is found.</summary>
/// <param name="Sql">A parameter, or a query in brackets: for one value, or for a column where several are sought.</param>
public sealed record Sought(string Sql, IReadOnlyDictionary<string, object> Parameters)
{
    private Sought(string name, object value) : this("@" + name, new Dictionary<string, object> { [name] = value }) { }

    public static implicit operator Sought(Guid stream) => new("stream", stream);

    public static implicit operator Sought(string name) => new("name", (object)name);
}
