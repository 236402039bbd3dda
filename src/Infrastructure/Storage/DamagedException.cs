using System.Security.Cryptography;
using System.Text.Json;
using Marten.Exceptions;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>Something that is stored is not what was stored: changed, moved, cut off, or sealed with another key.</summary>
/// <param name="what">Which, as <c>verify</c> names it; nothing personal.</param>
public sealed class DamagedException(string what, Exception? inner = null) : CryptographicException($"{what} cannot be read.", inner)
{
    public string What => what;

    /// <summary>Whether reading something ended so because of what is stored.</summary>
    public static bool Is(Exception e) =>
        e is CryptographicException or UnknownEventTypeException or JsonException or FormatException || (e.InnerException is { } inner && Is(inner));
}
