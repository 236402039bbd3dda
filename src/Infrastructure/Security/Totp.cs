using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PatientResponse.Infrastructure.Security;

/// <summary>Codes of six digits that an app and we make from a shared key and the time (RFC 6238: SHA-1, 30 seconds).
/// The framework's own check neither takes our clock nor tells which code it was, so that one could be used twice.</summary>
public static class Totp
{
    private const int StepSeconds = 30;
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>160 random bits in base32, which apps take.</summary>
    public static string NewKey() => RandomNumberGenerator.GetString(Base32, 32);

    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / StepSeconds;

    public static string Code(string key, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // RFC 6238 as all apps have it; HMAC does not rest on what is broken in SHA-1.
        var hash = HMACSHA1.HashData(Bytes(key), counter);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 0xF)) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>Which step's code this is: the one of now, the one before or the one after, for clocks that differ; null for none of them.</summary>
    /// <param name="lastStep">The latest step whose code was used: it and earlier ones are refused.</param>
    public static long? StepOf(string key, string code, DateTimeOffset now, long lastStep)
    {
        var typed = Encoding.UTF8.GetBytes(code);
        for (var step = Math.Max(StepAt(now) - 1, lastStep + 1); step <= StepAt(now) + 1; step++)
            if (CryptographicOperations.FixedTimeEquals(typed, Encoding.UTF8.GetBytes(Code(key, step))))
                return step;
        return null;
    }

    private static byte[] Bytes(string key)
    {
        var bytes = new byte[key.Length * 5 / 8];
        var (buffer, bits, at) = (0, 0, 0);
        foreach (var c in key)
        {
            (buffer, bits) = (((buffer << 5) | Base32.IndexOf(c, StringComparison.Ordinal)) & 0xFFF, bits + 5);
            if (bits >= 8)
                bytes[at++] = (byte)(buffer >> (bits -= 8));
        }
        return bytes;
    }
}
