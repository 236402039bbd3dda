using Marten.Schema;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>The data key of one stream, wrapped. Deleting this document is the erasure.</summary>
[DocumentAlias("stream_key")]
public sealed class StreamKey
{
    public Guid Id { get; set; }
    public byte[] Wrapped { get; set; } = [];
}
