using System.Text;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Features.ErasureOrders;

/// <summary>The markers <c>erased/…</c> in the file store. They outlive the database, so that a restored backup is erased again; and
/// whoever can write to the store can put one there, so only those count that hold an <see cref="ErasureOrder"/>.</summary>
public static class ErasureMarkers
{
    public static async Task WriteAsync(IFileStore store, Guid conversation, string order, CancellationToken cancellation)
    {
        using var content = new MemoryStream(Encoding.ASCII.GetBytes(order));
        await store.WriteAsync(BlobName.Erased(conversation), content, cancellation);
    }

    /// <summary>The signed order of a marker and what it says; null where it is none of ours.</summary>
    public static async Task<(string Signed, ErasureOrder Order)?> ReadAsync(IFileStore store, Keyring keyring, Guid conversation, CancellationToken cancellation)
    {
        try
        {
            await using var content = await store.OpenReadAsync(BlobName.Erased(conversation), cancellation);
            var bytes = new byte[ErasureOrder.MostOfText + 1];
            var text = Encoding.ASCII.GetString(bytes, 0, await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation));
            return ErasureOrder.Read(keyring, conversation, text) is { } order ? (text, order) : null;
        }
        catch (FileNotFoundException)
        {
            return null; // Gone since it was listed.
        }
    }

    /// <summary>The conversations that the store has markers for, real ones or not.</summary>
    public static async IAsyncEnumerable<Guid> ListAsync(IFileStore store, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var name in store.ListAsync(BlobName.ErasedFolder, cancellation))
            yield return Guid.ParseExact(name[BlobName.ErasedFolder.Length..], "N");
    }
}
