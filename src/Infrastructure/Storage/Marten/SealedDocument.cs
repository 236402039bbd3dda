using Marten.Schema;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>An <see cref="IDocument"/> as Marten keeps it: in clear what it is found by and swept by, sealed everything else.</summary>
[DocumentAlias("sealed")]
public sealed class SealedDocument
{
    /// <summary><c>type/name</c>.</summary>
    public string Id { get; set; } = "";
    public string Type { get; set; } = "";
    public string Name { get; set; } = "";

    /// <summary>Whose key seals it, and whose erasure takes it along.</summary>
    public Guid? Stream { get; set; }

    /// <summary>A keyed hash.</summary>
    public string? Lookup { get; set; }
    public long? Expires { get; set; }
    public long Version { get; set; }
    public byte[] Data { get; set; } = [];

    public static string IdOf(string type, string name) => $"{type}/{name}";

    /// <summary>Fails unless it has this version, and locks it: whoever changes it at the same time comes before the whole save, or after it.</summary>
    internal static Statement StillAt(string id, long version) => new("select 1 from mt_doc_sealed where id = @id and version = @version for update",
        new Dictionary<string, object?> { ["id"] = id, ["version"] = version }, MustAffect: 1, IsQuery: true);

    /// <summary>Marten's convention for a document's own settings.</summary>
    public static void ConfigureMarten(DocumentMapping<SealedDocument> mapping)
    {
        foreach (var name in new[] { nameof(Type), nameof(Name), nameof(Version) })
            mapping.DuplicateField(name, notNull: true);
        foreach (var name in new[] { nameof(Stream), nameof(Lookup), nameof(Expires) })
            mapping.DuplicateField(name);
        mapping.AddIndex("type", "lookup").IsUnique = true;
        mapping.AddIndex("stream");
        mapping.AddIndex("expires");
        // Whoever adds a document while its stream is erased fails, or comes before and goes too.
        mapping.AddForeignKey(nameof(Stream), typeof(StreamKey)).DeleteAction = Weasel.Core.CascadeAction.Cascade;
    }

    public byte[] Open(byte[] key) => Keyring.Open(key, Data, Context);

    public void Seal(byte[] key, byte[] json) => Data = Keyring.Seal(key, json, Context);

    /// <summary>What a document's seal holds together: none of it can be changed or moved alone.</summary>
    private string Context => $"document/{Id}\n{Type}/{Name}\n{Stream:N}/{Version}/{Lookup}/{Expires}";
}
