namespace PatientResponse.Infrastructure.Storage;

/// <summary>Where messages wait that are saved with what raised them.</summary>
public interface IOutbox
{
    /// <param name="due">Null: at once.</param>
    QueuedMessage Queue(IMessage message, DateTimeOffset now, DateTimeOffset? due);
}

/// <param name="Insert">Part of the transaction.</param>
/// <param name="BeginAsync">Called when that is committed. It never throws; what is lost on the way is found in the database.</param>
public sealed record QueuedMessage(Statement Insert, Func<Task> BeginAsync);
