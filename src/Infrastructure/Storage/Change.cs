namespace PatientResponse.Infrastructure.Storage;

/// <summary>One thing that a save does.</summary>
public abstract record Change
{
    /// <summary>What it is about, by name.</summary>
    public abstract IReadOnlyDictionary<string, object?> Parameters { get; }

    /// <summary>Appends events. They precede everything else of a save, which keeps its order.</summary>
    public bool Appends { get; init; }

    /// <summary>After everything else of the same save, such as what wipes it.</summary>
    public bool ComesLast { get; init; }

    /// <summary>How what it changes stands afterwards. Asked when events are sealed; null where that is not on record.</summary>
    public Func<Head>? Head { get; init; }

    internal abstract void QueueOn(Marten.IDocumentSession session);
}

/// <summary>One SQL command with its parameters. <paramref name="MustAffect"/> is how many rows it has to change;
/// another number means that somebody else was faster. One that <paramref name="IsQuery"/> finds them instead.</summary>
public sealed record Statement(string Sql, IReadOnlyDictionary<string, object?> Parameters, int? MustAffect = null, bool IsQuery = false) : Change
{
    public override IReadOnlyDictionary<string, object?> Parameters { get; } = Parameters;

    /// <summary>A row count that is off has to undo the whole batch: dividing by zero does.</summary>
    public string CheckedSql => MustAffect is { } expected
        ? $"with changed as ({Sql}{(IsQuery ? "" : " returning 1")}) select 1 / (case when (select count(*) from changed) = {expected} then 1 else 0 end)"
        : Sql;

    internal override void QueueOn(Marten.IDocumentSession session) => StatementOperation.Queue(session, this);
}

/// <summary>A Marten operation, named by <paramref name="Parameters"/>.</summary>
public sealed record Operation(Action<Marten.IDocumentSession> Apply, IReadOnlyDictionary<string, object?> Parameters) : Change
{
    public override IReadOnlyDictionary<string, object?> Parameters { get; } = Parameters;

    public Operation(Action<Marten.IDocumentSession> apply, params (string Name, object? Value)[] about)
        : this(apply, about.ToDictionary(part => part.Name, part => part.Value))
    {
    }

    internal override void QueueOn(Marten.IDocumentSession session) => Apply(session);
}
