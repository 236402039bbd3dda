using System.Buffers;
using System.Text.Json;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Infrastructure.Storage;

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
