using System.Security.Cryptography;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Files.Sealing;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Scan;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Files;

/// <summary>Somebody who may write to the store, and has no key.</summary>
public sealed class FileTamperingTests
{
    private const int Sealed = FileCipher.ChunkBytes + FileCipher.TagBytes;
    private readonly Guid conversation = Guid.NewGuid();
    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);

    [Theory, MemberData(nameof(FileStores.All), MemberType = typeof(FileStores))]
    public async Task A_flipped_cut_extended_reordered_or_swapped_file_is_refused(string store)
    {
        using var started = await FileStores.StartAsync(store);
        var intake = new FileIntake(started.Store, new ContentChecksOnly(), TimeProvider.System, NoMeasures.New());
        var (mine, other) = (await TakeAsync(intake), await TakeAsync(intake));
        var name = BlobName.Of(conversation, mine);
        var stored = await started.ReadAsync(name);
        Assert.True(stored.Length > FileCipher.HeaderBytes + 2 * Sealed);
        Assert.Equal(200_000, await ReadAllAsync(intake, mine));

        byte[][] tampered =
        [
            Flipped(stored, 0), Flipped(stored, 30_000), Flipped(stored, stored.Length - 1),
            stored[..^1], stored[..(FileCipher.HeaderBytes + 2 * Sealed)], [], [.. stored, 0],
            [.. stored[..FileCipher.HeaderBytes], .. Chunk(stored, 1), .. Chunk(stored, 0), .. stored[(FileCipher.HeaderBytes + 2 * Sealed)..]],
            await started.ReadAsync(BlobName.Of(conversation, other)),
        ];
        foreach (var bytes in tampered)
        {
            await started.WriteAsync(name, bytes);
            await Assert.ThrowsAsync<DamagedFileException>(() => ReadAllAsync(intake, mine));
        }
        await started.WriteAsync(name, stored);
        Assert.Equal(200_000, await ReadAllAsync(intake, mine));
    }

    private static byte[] Flipped(byte[] bytes, int at)
    {
        byte[] copy = [.. bytes];
        copy[at] ^= 1;
        return copy;
    }

    private static byte[] Chunk(byte[] stored, int number) => stored[(FileCipher.HeaderBytes + number * Sealed)..(FileCipher.HeaderBytes + (number + 1) * Sealed)];

    private async Task<Guid> TakeAsync(FileIntake intake) =>
        (await intake.TakeAsync(conversation, key, "letter.pdf", new MemoryStream(SampleFiles.Pdf(200_000)))).File!.Id;

    private async Task<int> ReadAllAsync(FileIntake intake, Guid file)
    {
        await using var opened = await intake.OpenAsync(conversation, key, file);
        using var plain = new MemoryStream();
        await opened.CopyToAsync(plain);
        return (int)plain.Length;
    }
}
