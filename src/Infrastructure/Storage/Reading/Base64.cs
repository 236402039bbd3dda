using System.Data.Common;
using System.Security.Cryptography;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>Bytes as JSON has them. Not decoded by the server: what was damaged would fail everything that is asked together.</summary>
internal static class Base64
{
    public static string Text(DbDataReader reader, int column) => reader.IsDBNull(column) ? "" : reader.GetString(column);

    public static byte[] Bytes(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException e)
        {
            throw new CryptographicException("It is not what was stored.", e);
        }
    }
}
