using System.Text.Json.Serialization;
using Marten.Schema;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>The data key of one stream, wrapped. Deleting this document is the erasure.</summary>
[DocumentAlias("stream_key")]
public sealed class StreamKey : IJsonOnDeserialized
{
    public Guid Id { get; set; }
    public byte[] Wrapped { get; set; } = [];

    /// <summary>It comes first in the batch that reads a stream, and opens the events that follow.</summary>
    void IJsonOnDeserialized.OnDeserialized() => StreamReading.Current?.Take(this);
}
