using System.Data.Common;
using Marten;
using Weasel.Core;
using Weasel.Storage;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>Ends Marten's batch with <c>commit</c>: all of a save is one round trip.</summary>
internal sealed class CommitInBatch(IReadOnlyList<Change> changes) : DocumentSessionListenerBase
{
    /// <summary>Marten brings into an order of its own what is queued by now: deletions first, then by who refers to whom. A check would
    /// come after what it checks; so only events are, and whatever else there is to do follows when that is over.</summary>
    public void Begin(Marten.IDocumentSession session)
    {
        foreach (var change in changes.Where(change => change.Appends))
            change.QueueOn(session);
        // Marten saves nothing when it finds nothing. And what the server has to check, it checks before the commit.
        session.QueueSqlCommand("set constraints all immediate");
    }

    /// <summary>The server answered a question that stood behind the commit. An answer that got lost leaves this false.</summary>
    public bool IsDone { get; private set; }

    public override Task BeforeSaveChangesAsync(Marten.IDocumentSession session, CancellationToken token)
    {
        var events = EventsOf(session);
        foreach (var change in changes.Where(change => !change.Appends).OrderBy(change => change.ComesLast))
            change.QueueOn(session);
        if (EventsOf(session) != events)
            throw new InvalidOperationException($"A change that appends says so ({nameof(Change.Appends)}): Marten has queued its events by now.");
        foreach (var check in Written(session))
            StatementOperation.Queue(session, check);
        session.QueueSqlCommand("commit");
        session.QueueOperation(new Answer(this));
        return Task.CompletedTask;
    }

    private static int EventsOf(Marten.IDocumentSession session) => session.PendingChanges.Streams().Sum(stream => stream.Events.Count);

    /// <summary>Marten inserts with <c>on conflict do nothing</c> and updates what is there, and complains when it reads the answer:
    /// the commit went out with the question. So the server itself refuses what this transaction has not written.</summary>
    private static List<Statement> Written(Marten.IDocumentSession session) =>
    [
        .. from operation in session.PendingChanges.Operations().OfType<IDocumentStorageOperation>()
           let type = session.DocumentStore.Options.FindOrResolveDocumentType(operation.DocumentType)
           let id = type.DocumentType.GetProperty(type.IdMember.Name)!.GetValue(operation.Document)
           select new Statement($"select 1 from {type.TableName.QualifiedName} where id = @id and xmin = pg_current_xact_id()::xid",
               new Dictionary<string, object?> { ["id"] = id }, MustAffect: 1, IsQuery: true),
    ];

    private sealed class Answer(CommitInBatch commit) : Marten.Internal.Operations.IStorageOperation
    {
        private const string Word = "committed";

        public Type DocumentType => typeof(Marten.Storage.StorageFeatures);

        public void ConfigureCommand(Weasel.Postgresql.ICommandBuilder builder, IStorageSession session) => builder.Append($"select '{Word}'");

        public async Task PostprocessAsync(DbDataReader reader, IList<Exception> exceptions, CancellationToken token) =>
            commit.IsDone = await reader.ReadAsync(token) && reader.FieldCount == 1 && reader.GetValue(0) is Word;

        public OperationRole Role() => OperationRole.Other;
    }
}
