using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Marten;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>Marten's hook for what stands in <c>mt_events.bdata</c>; <c>data</c> is <c>{}</c>. It knows neither stream nor version:
/// <see cref="SealingListener"/> has sealed every event before, and <see cref="StoredStream"/> opens them.</summary>
internal sealed class SealingSerializer : JasperFx.Events.IEventBinarySerializer
{
    private static readonly ConditionalWeakTable<object, byte[]> Sealed = [];

    public static void Keep(object @event, byte[] sealedBytes) => Sealed.AddOrUpdate(@event, sealedBytes);

    /// <summary>What is stored of an event, once it was sealed.</summary>
    public static byte[] SealedBytesOf(object @event) => Sealed.TryGetValue(@event, out var sealedBytes) ? sealedBytes
        : throw new InvalidOperationException($"{@event.GetType().Name} has no key: nothing is stored in clear.");

    public byte[] Serialize(Type type, object data) => SealedBytesOf(data);

    public object Deserialize(Type type, byte[] data) =>
        throw new CryptographicException("A stream is read with its key.");
}

/// <summary>The keys and the writer of one session.</summary>
public sealed class SessionKeys
{
    private static readonly ConditionalWeakTable<Marten.IDocumentSession, SessionKeys> Sessions = [];

    public required IReadOnlyDictionary<Guid, byte[]> Keys { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Actor { get; init; }

    public static SessionKeys? Of(Marten.IDocumentSession session) => Sessions.TryGetValue(session, out var keys) ? keys : null;

    public void UseIn(Marten.IDocumentSession session) => Sessions.Add(session, this);
}

/// <summary>Seals every event that is about to be saved under its stream's key, whoever appended it.</summary>
internal sealed class SealingListener(IReadOnlyCollection<Type> types) : DocumentSessionListenerBase
{
    public override Task BeforeSaveChangesAsync(Marten.IDocumentSession session, CancellationToken token)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var stream in session.PendingChanges.Streams())
            foreach (var pending in stream.Events.Where(pending => pending.Data is not Erased))
            {
                var keys = SessionKeys.Of(session);
                if (!types.Contains(pending.Data.GetType()))
                    throw new InvalidOperationException($"{pending.Data.GetType().Name} belongs to no aggregate: it would be stored in clear.");
                if (keys is null || !keys.Keys.TryGetValue(stream.Id, out var key))
                    throw new InvalidOperationException($"{pending.Data.GetType().Name} has no key: nothing is stored in clear.");
                if (stream.ActionType != JasperFx.Events.StreamActionType.Start && stream.ExpectedVersionOnServer is null)
                    throw new InvalidOperationException("An event is sealed under its version: append with the version that is expected.");
                if (!seen.Add(pending.Data))
                    throw new InvalidOperationException("One event object cannot stand at two places.");
                SealingSerializer.Keep(pending.Data, SealedEvent.Seal(key, pending.Data, keys.At, keys.Actor, new(stream.Id, pending.Version, pending.Data.GetType())));
            }
        return Task.CompletedTask;
    }
}

/// <summary>Refuses the events that are sealed: Marten would take an event without sealed bytes for one in clear.</summary>
internal sealed class NeverInClear(IReadOnlyCollection<Type> types) : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => types.Contains(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        throw new CryptographicException($"{typeToConvert.Name} is not sealed.");
}

/// <summary>What stays of a stream that was erased. In clear.</summary>
public sealed record Erased(string Reason, string Actor, DateTimeOffset At);
