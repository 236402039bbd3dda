using PatientResponse.Infrastructure.Files.Sealing;

namespace PatientResponse.Tests.Fuzzing.Reading;

/// <summary>Our own encrypted files, which somebody at the store may have changed.</summary>
internal static class Stored
{
    private static readonly FileKey Key = new(new byte[32], new Guid(1, 2, 3, new byte[8]), new Guid(4, 5, 6, new byte[8]));
    private static readonly byte[] Plain = Bytes.Of("What the patient sent");

    public static IReadOnlyList<Reader> All { get; } = [new("stored", Check, Samples, "PRF\u0001")];

    private static void Check(byte[] blob)
    {
        try
        {
            using var opened = DecryptingStream.OpenAsync(new DribblingStream(blob), Key).GetAwaiter().GetResult();
            var content = Bytes.Of(opened);
            Promise.That(content.Length == 0 || content.AsSpan().SequenceEqual(Plain), "What was changed is not given out.");
        }
        catch (DamagedFileException)
        {
            // As it should be.
        }
    }

    private static IEnumerable<byte[]> Samples()
    {
        using var full = new EncryptingStream(new MemoryStream(Plain), Key);
        using var empty = new EncryptingStream(new MemoryStream(), Key);
        return [Bytes.Of(full), Bytes.Of(empty)];
    }
}
