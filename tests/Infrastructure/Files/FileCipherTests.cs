using System.Security.Cryptography;
using FsCheck.Fluent;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Files.Sealing;

namespace PatientResponse.Tests.Infrastructure.Files;

public class FileCipherTests
{
    private const int Sealed = FileCipher.ChunkBytes + FileCipher.TagBytes;
    private static readonly FileKey Key = new(RandomNumberGenerator.GetBytes(32), Guid.NewGuid(), Guid.NewGuid());

    [Theory, InlineData(0), InlineData(1), InlineData(65535), InlineData(65536), InlineData(65537), InlineData(131072), InlineData(200000), InlineData(FileRules.MaxBytes)]
    public async Task A_stored_file_comes_back_as_it_was(int size)
    {
        var plain = Bytes(size);
        var stored = await Encrypt(plain);
        Assert.Equal(FileCipher.CipherLength(size), stored.Length);
        Assert.Equal(size, FileCipher.PlainLength(stored.Length));
        Assert.Equal(plain, await Decrypt(stored));
        Assert.Equal(plain, DecryptWithoutWaiting(stored));
    }

    [Fact]
    public void A_file_encrypted_synchronously_in_small_sips_is_the_same_file()
    {
        var plain = Bytes(200_000);
        using var encrypting = new EncryptingStream(new Sips(plain), Key);
        using var stored = new MemoryStream();
        encrypting.CopyTo(stored, 777);
        Assert.Equal(plain, DecryptWithoutWaiting(stored.ToArray()));
    }

    [Fact]
    public async Task The_same_file_is_never_stored_as_the_same_bytes_twice()
    {
        var (one, two) = (await Encrypt(Bytes(1000)), await Encrypt(Bytes(1000)));
        Assert.NotEqual(one[FileCipher.HeaderBytes..], two[FileCipher.HeaderBytes..]);
    }

    [Fact]
    public async Task Any_place_of_a_stored_file_can_be_read()
    {
        var plain = Bytes(200_000);
        await using var file = await Open(await Encrypt(plain));
        var places = Gen.Choose(0, plain.Length + 10).Zip(Gen.Choose(0, 70_000));
        Property.Holds(places, place =>
        {
            var (start, count) = place;
            file.Position = start;
            var buffer = new byte[count];
            var read = file.ReadAtLeast(buffer, count, throwOnEndOfStream: false);
            Assert.True(buffer.AsSpan(0, read).SequenceEqual(plain.AsSpan(Math.Min(start, plain.Length)).Slice(0, Math.Min(count, Math.Max(0, plain.Length - start)))));
            Assert.Equal(start + read, file.Position);
        });
    }

    [Fact]
    public async Task A_flipped_byte_anywhere_is_refused()
    {
        var stored = await Encrypt(Bytes(200_000));
        for (var at = 0; at < stored.Length; at += 997)
        {
            stored[at] ^= 1;
            await Assert.ThrowsAsync<DamagedFileException>(() => Decrypt(stored));
            stored[at] ^= 1;
        }
        Assert.Equal(Bytes(200_000), await Decrypt(stored));
    }

    [Fact]
    public async Task A_file_cut_anywhere_is_refused()
    {
        var stored = await Encrypt(Bytes(200_000));
        int[] cuts = [0, 1, FileCipher.HeaderBytes - 1, FileCipher.HeaderBytes, FileCipher.HeaderBytes + 15, FileCipher.HeaderBytes + 16,
            .. Enumerable.Range(1, 3).SelectMany(chunk => (int[])[FileCipher.HeaderBytes + chunk * Sealed, FileCipher.HeaderBytes + chunk * Sealed + 1]),
            .. Enumerable.Range(1, 20).Select(part => part * 9973), stored.Length - 1];
        foreach (var cut in cuts) await Assert.ThrowsAsync<DamagedFileException>(() => Decrypt(stored[..cut]));
    }

    [Fact]
    public async Task A_cut_file_is_refused_before_a_byte_is_given_out()
    {
        var stored = await Encrypt(Bytes(200_000));
        await Assert.ThrowsAsync<DamagedFileException>(() => Open(stored[..(FileCipher.HeaderBytes + 2 * Sealed)]));
    }

    [Theory, InlineData(65536), InlineData(200_000)]
    public async Task Bytes_at_the_end_are_refused(int size)
    {
        var stored = await Encrypt(Bytes(size));
        foreach (var more in (int[])[1, 16, 17, Sealed]) await Assert.ThrowsAsync<DamagedFileException>(() => Decrypt([.. stored, .. new byte[more]]));
        await Assert.ThrowsAsync<DamagedFileException>(() => Decrypt([.. stored, .. stored[FileCipher.HeaderBytes..]]));
    }

    [Fact]
    public async Task Chunks_in_another_order_are_refused()
    {
        var stored = await Encrypt(Bytes(4 * FileCipher.ChunkBytes));
        byte[] swapped = [.. stored[..FileCipher.HeaderBytes], .. Chunk(stored, 1), .. Chunk(stored, 0), .. Chunk(stored, 2), .. Chunk(stored, 3)];
        byte[] repeated = [.. stored[..FileCipher.HeaderBytes], .. Chunk(stored, 0), .. Chunk(stored, 0), .. Chunk(stored, 2), .. Chunk(stored, 3)];
        byte[] lastElsewhere = [.. stored[..FileCipher.HeaderBytes], .. Chunk(stored, 0), .. Chunk(stored, 3)];
        foreach (var changed in (byte[][])[swapped, repeated, lastElsewhere]) await Assert.ThrowsAsync<DamagedFileException>(() => Decrypt(changed));
    }

    [Fact]
    public async Task A_file_in_the_place_of_another_is_refused()
    {
        var stored = await Encrypt(Bytes(1000));
        foreach (var other in (FileKey[])[Key with { FileId = Guid.NewGuid() }, Key with { ConversationId = Guid.NewGuid() }, Key with { ConversationKey = RandomNumberGenerator.GetBytes(32) }])
            await Assert.ThrowsAsync<DamagedFileException>(() => DecryptingStream.OpenAsync(new MemoryStream(stored), other));
    }

    [Fact]
    public async Task A_chunk_of_another_writing_of_the_same_file_is_refused()
    {
        var (one, two) = (await Encrypt(Bytes(200_000)), await Encrypt(Bytes(200_000)));
        await Assert.ThrowsAsync<DamagedFileException>(() => Decrypt([.. one[..FileCipher.HeaderBytes], .. Chunk(two, 0), .. one[(FileCipher.HeaderBytes + Sealed)..]]));
    }

    private static byte[] Chunk(byte[] stored, int number) => stored.AsSpan(FileCipher.HeaderBytes + number * Sealed, Sealed).ToArray();

    private static byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }

    private static async Task<byte[]> Encrypt(byte[] plain)
    {
        await using var encrypting = new EncryptingStream(new MemoryStream(plain), Key);
        using var stored = new MemoryStream();
        await encrypting.CopyToAsync(stored);
        return stored.ToArray();
    }

    private static Task<DecryptingStream> Open(byte[] stored) => DecryptingStream.OpenAsync(new MemoryStream(stored), Key);

    private static async Task<byte[]> Decrypt(byte[] stored)
    {
        await using var file = await Open(stored);
        using var plain = new MemoryStream();
        await file.CopyToAsync(plain);
        return plain.ToArray();
    }

    private static byte[] DecryptWithoutWaiting(byte[] stored)
    {
        using var file = Open(stored).GetAwaiter().GetResult();
        using var plain = new MemoryStream();
        file.CopyTo(plain, 1000);
        return plain.ToArray();
    }

    private sealed class Sips(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 313)]);
    }
}
