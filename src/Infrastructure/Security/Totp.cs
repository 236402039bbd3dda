using OtpNet;

namespace PatientResponse.Infrastructure.Security;

/// <summary>Codes of six digits that an app and we make from a shared key and the time (RFC 6238: SHA-1, 30 seconds).
/// The framework's own check neither takes our clock nor tells which code it was, so that one could be used twice.</summary>
public static class Totp
{
    /// <summary>160 random bits in base32, which apps take.</summary>
    public static string NewKey() => Base32Encoding.ToString(KeyGeneration.GenerateRandomKey(20));

    /// <summary>Which step's code this is: the one of now, the one before or the one after, for clocks that differ; null for none of them.</summary>
    /// <param name="lastStep">The latest step whose code was used: it and earlier ones are refused.</param>
    public static long? StepOf(string key, string code, DateTimeOffset now, long lastStep) =>
        new OtpNet.Totp(Base32Encoding.ToBytes(key)).VerifyTotp(now.UtcDateTime, code, out var step, VerificationWindow.RfcSpecifiedNetworkDelay) && step > lastStep ? step : null;
}
