using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using PatientResponse.Infrastructure.Security;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>One stream that is being read in this flow of control: its key, and what has been opened so far.</summary>
internal sealed class StreamReading(Guid stream, Keyring keyring)
{
    private static readonly AsyncLocal<StreamReading?> Flow = new();
    private readonly List<StoredEvent> _history = [];

    public static StreamReading? Current => Flow.Value;

    /// <summary>Null: there is no such stream, or it was erased.</summary>
    public byte[]? Key { get; private set; }

    /// <summary>Events were met, and no key.</summary>
    public bool IsLost { get; private set; }

    public IReadOnlyList<StoredEvent> History => _history;

    /// <summary>For what is awaited in the calling method; a value that is set here is not seen after it returns.</summary>
    public static StreamReading Begin(Guid stream, Keyring keyring) => Flow.Value = new(stream, keyring);

    public void Take(StreamKey key)
    {
        if (key.Id == stream)
            Key = keyring.Unwrap(key.Wrapped, stream.ToString("N"));
    }

    /// <summary>Events come in order: one that is missing, moved or of another stream does not open.</summary>
    public object Open(Type type, byte[] sealedBytes)
    {
        var version = _history.Count + 1;
        IsLost = Key is null;
        var stored = SealedEvent.Open(Key ?? throw new CryptographicException("This stream has no key."), sealedBytes, new(stream, version, type));
        _history.Add(stored);
        return stored.Data;
    }
}

/// <summary>What a sealed event is bound to.</summary>
internal sealed record EventPlace(Guid Stream, long Version, Type Type)
{
    public override string ToString() => $"event/{Stream:N}/{Version}/{Type.Name}";
}

/// <summary>An event with its instant and actor inside the seal: the columns of the table say what the server thought.</summary>
internal static class SealedEvent
{
    public static byte[] Seal(byte[] key, object @event, DateTimeOffset at, string actor, EventPlace place)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("at", Instant.To(at));
            json.WriteString("actor", actor);
            json.WritePropertyName("event");
            JsonSerializer.Serialize(json, @event, place.Type);
            json.WriteEndObject();
        }
        return Keyring.Seal(key, buffer.WrittenSpan, place.ToString());
    }

    public static StoredEvent Open(byte[] key, byte[] sealedBytes, EventPlace place)
    {
        using var json = JsonDocument.Parse(Keyring.Open(key, sealedBytes, place.ToString()));
        var root = json.RootElement;
        return new((int)place.Version, Instant.From(root.GetProperty("at").GetInt64()), root.GetProperty("actor").GetString()!,
            root.GetProperty("event").Deserialize(place.Type)!);
    }
}
