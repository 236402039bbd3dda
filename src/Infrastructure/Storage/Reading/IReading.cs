namespace PatientResponse.Infrastructure.Storage;

/// <summary>Asks several things in one round trip, one after the other: what is asked first is the oldest.</summary>
public interface IReading
{
    /// <summary>As <see cref="IEventStore.FetchForWriting"/>.</summary>
    Answer<IEventStream<T>?> FetchForWriting<T>(Sought stream) where T : class, IAggregate, new();

    /// <summary>Several streams; those that are not there are left out.</summary>
    Answer<IReadOnlyList<IEventStream<T>>> FetchAll<T>(Sought streams) where T : class, IAggregate, new();

    /// <summary>A document by its id. One that is found by other means than its id may be another: look at it.</summary>
    Answer<T?> Load<T>(Sought id) where T : class, IDocument;

    /// <summary>Several documents; those that are not there or cannot be read are left out.</summary>
    Answer<IReadOnlyList<T>> LoadAll<T>(Sought ids) where T : class, IDocument;

    /// <summary>The documents of one type that belong to a stream.</summary>
    Answer<IReadOnlyList<T>> List<T>(Sought stream) where T : class, IDocument;

    /// <summary>As <see cref="IDocumentSession.RowsAsync"/>.</summary>
    Answer<IReadOnlyList<T>> Rows<TRow, T>(string where, object parameters) where TRow : class, ISealedRow where T : class;

    /// <summary>Rows of anything else.</summary>
    Answer<IReadOnlyList<T>> Query<T>(string sql, object parameters);

    /// <summary>What the session is to have at hand afterwards.</summary>
    IAhead Ahead { get; }

    Task AskAsync(CancellationToken cancellation = default);
}
