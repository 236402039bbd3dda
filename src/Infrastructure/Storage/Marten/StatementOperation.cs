using System.Data.Common;
using System.Text.RegularExpressions;
using Marten.Storage;
using Weasel.Core;
using Weasel.Storage;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>A statement of ours in Marten's batch.</summary>
internal partial class StatementOperation(Statement statement) : Marten.Internal.Operations.IStorageOperation
{
    public Type DocumentType => typeof(StorageFeatures);

    public static void Queue(Marten.IDocumentSession session, Statement statement) =>
        session.QueueOperation(statement.MustAffect is null ? new Unchecked(statement) : new StatementOperation(statement));

    public void ConfigureCommand(Weasel.Postgresql.ICommandBuilder builder, IStorageSession session)
    {
        var sql = statement.CheckedSql;
        var at = 0;
        foreach (Match name in Name().Matches(sql))
        {
            builder.Append(sql[at..name.Index]);
            builder.AppendParameter(statement.Parameters[name.Value[1..]] ?? DBNull.Value);
            at = name.Index + name.Length;
        }
        builder.Append(sql[at..]);
    }

    /// <summary>The server has decided already: a row count that is off is its error.</summary>
    public Task PostprocessAsync(DbDataReader reader, IList<Exception> exceptions, CancellationToken token) => Task.CompletedTask;

    public OperationRole Role() => OperationRole.Other;

    [GeneratedRegex("@[a-z_]+", RegexOptions.IgnoreCase)]
    private static partial Regex Name();

    /// <summary>Gives no row back.</summary>
    private sealed class Unchecked(Statement statement) : StatementOperation(statement), NoDataReturnedCall;
}
