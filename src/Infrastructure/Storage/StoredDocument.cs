using System.Security.Cryptography;
using PatientResponse.Infrastructure.Security;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>A row of <c>documents</c> that belongs to no stream, as it is stored.</summary>
internal sealed record StoredDocument(string Type, string Id, long Version, string? Lookup, long? Expires, byte[] Data)
{
    public const string Loose = "select type, id, version, lookup, expires, data from documents where stream is null";

    /// <summary>What a document's seal holds together: none of it can be changed or moved alone.</summary>
    public static string ContextOf(string type, string id, long version, string? lookup, long? expires) => $"document/{type}/{id}\n{version}/{lookup}/{expires}";

    public bool Opens(byte[] key)
    {
        try
        {
            Keyring.Open(key, Data, ContextOf(Type, Id, Version, Lookup, Expires));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
