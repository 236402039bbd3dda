using System.Collections.Concurrent;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>A document that decides who may do what: an earlier version, put back into the database, is refused.</summary>
public interface INeverGoesBack : IDocument;

/// <summary>A document that passes: what becomes of it is not on record, and one that is damaged counts as gone.</summary>
public interface IShortLived : IDocument;

/// <summary>The newest version that this process knows of each document that never goes back: by what it read and wrote itself, and by the
/// checkpoints of all copies, which are not in the database.</summary>
public sealed class KnownVersions
{
    private ConcurrentDictionary<string, long> _known = new();
    private long _era;

    /// <summary>Something was saved by this process.</summary>
    public bool HasSaved { get; set; }

    /// <summary>By id of the document.</summary>
    public IReadOnlyDictionary<string, long> All => _known;

    public void Note(string id, long version) => _known.AddOrUpdate(id, version, (_, known) => Math.Max(known, version));

    public bool IsFromBefore(string id, long version) => _known.TryGetValue(id, out var known) && version < known;

    /// <summary>What a checkpoint says. In a new era earlier versions were accepted.</summary>
    public void Take(long era, IReadOnlyDictionary<string, long> versions)
    {
        if (era > _era)
            (_era, _known) = (era, new());
        foreach (var (id, version) in versions)
            Note(id, version);
    }
}
