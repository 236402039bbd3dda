using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Infrastructure.Files.Checkpoints;

/// <summary>The checkpoints in the file store. Whoever can write to the database alone cannot take them away.</summary>
public sealed class CheckpointStore(IFileStore store, Keyring keyring)
{
    /// <summary>Older ones say nothing that these do not.</summary>
    private const int Kept = 20;

    private Checkpoint? _newest;

    /// <summary>Null where there is none.</summary>
    /// <exception cref="FileStoreUnavailableException">They cannot be read.</exception>
    public async Task<Checkpoint?> NewestAsync(CancellationToken cancellation)
    {
        foreach (var name in (await NamesAsync(cancellation)).Reverse())
            if (_newest is { } known && string.CompareOrdinal(name, known.Name) <= 0)
                return known; // Also where somebody has taken it away since.
            else if (await ReadAsync(name, cancellation) is { } checkpoint)
                return _newest = checkpoint;
        return _newest;
    }

    public async Task WriteAsync(Checkpoint checkpoint, CancellationToken cancellation)
    {
        using var content = new MemoryStream(checkpoint.Seal(keyring));
        await store.WriteAsync(checkpoint.Name, content, cancellation);
        _newest = checkpoint;
        foreach (var name in (await NamesAsync(cancellation)).SkipLast(Kept))
            await store.DeleteAsync(name, cancellation);
    }

    /// <summary>Those that nobody who has the keys wrote.</summary>
    public async Task<IReadOnlyList<string>> ForgedAsync(CancellationToken cancellation)
    {
        var forged = new List<string>();
        foreach (var name in await NamesAsync(cancellation))
            if (await ReadAsync(name, cancellation) is null)
                forged.Add(name);
        return forged;
    }

    private async Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancellation)
    {
        var names = new List<string>();
        await foreach (var name in store.ListAsync(BlobName.CheckpointFolder, cancellation))
            names.Add(name);
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private async Task<Checkpoint?> ReadAsync(string name, CancellationToken cancellation)
    {
        try
        {
            await using var content = await store.OpenReadAsync(name, cancellation);
            using var bytes = new MemoryStream();
            await content.CopyToAsync(bytes, cancellation);
            return Checkpoint.Open(keyring, name, bytes.ToArray());
        }
        catch (FileNotFoundException)
        {
            return null; // Gone since it was listed.
        }
    }
}
