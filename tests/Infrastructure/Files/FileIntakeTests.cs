using System.Security.Cryptography;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Files.Sealing;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Scan;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Files;

public sealed class FileIntakeTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private readonly string root = Directory.CreateTempSubdirectory("intake-").FullName;
    private readonly Guid conversation = Guid.NewGuid();
    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);
    private readonly FolderFileStore store;
    private readonly FileIntake intake;

    public FileIntakeTests()
    {
        store = new(root, TimeProvider.System);
        intake = new(store, new ContentChecksOnly(), new At(Now), NoMeasures.New());
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    public static TheoryData<string, FileKind> Types => new()
    {
        { "leg.jpg", FileKind.Jpeg }, { "leg.jpeg", FileKind.Jpeg }, { "leg.gif", FileKind.Gif }, { "leg.png", FileKind.Png },
        { "letter.pdf", FileKind.Pdf }, { "letter.doc", FileKind.Doc }, { "letter.docx", FileKind.Docx },
    };

    [Theory, MemberData(nameof(Types))]
    public async Task A_file_of_exactly_the_largest_size_is_taken_and_comes_back(string name, FileKind kind)
    {
        var bytes = SampleFiles.Of(kind, FileRules.MaxBytes);
        var result = await TakeAsync(name, bytes);
        Assert.Null(result.Problem);
        var file = result.File!;
        Assert.Equal((name, kind, false), (file.Name, file.Kind, file.ActiveContent));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), file.Sha256);

        var back = await ReadAsync(file.Id);
        Assert.Equal(file.Size, back.Length);
        if (kind.IsImage()) Assert.Null(ContentCheck.Check(new MemoryStream(back), kind).Problem);
        else Assert.Equal(bytes, back);
        Assert.True(back.Length > FileRules.MaxBytes * 9 / 10);
        Assert.Equal([BlobName.Of(conversation, file.Id)], await store.ListAsync("").ToArrayAsync());
        Assert.Equal(Now.ToUnixTimeMilliseconds(), Convert.ToInt64(file.Id.ToString("N")[..12], 16));
    }

    [Theory, MemberData(nameof(Types))]
    public async Task One_byte_more_is_refused_and_the_client_is_heard_out(string name, FileKind kind)
    {
        var content = new Section([.. SampleFiles.Of(kind, FileRules.MaxBytes), .. new byte[3_000_001]]);
        var result = await intake.TakeAsync(conversation, key, name, content);
        Assert.Equal(FileProblem.TooLarge, result.Problem);
        await NothingIsLeft(content);
        Assert.Equal(FileProblem.TooLarge, (await TakeAsync(name, [.. SampleFiles.Of(kind, FileRules.MaxBytes), 0])).Problem);
    }

    [Theory]
    [InlineData("leg.jpg.php"), InlineData("leg.png"), InlineData("leg.docx")]
    public async Task A_photo_under_a_name_that_says_something_else_is_refused_and_the_client_is_heard_out(string name)
    {
        var content = new Section(SampleFiles.Jpeg(500_000));
        Assert.Equal(FileProblem.WrongName, (await intake.TakeAsync(conversation, key, name, content)).Problem);
        await NothingIsLeft(content);
    }

    [Theory]
    [InlineData("leg.txt", FileProblem.WrongType), InlineData("leg", FileProblem.WrongType), InlineData("leg.jpg", FileProblem.Damaged), InlineData("leg.heic", FileProblem.Heic)]
    public async Task A_file_that_is_none_of_our_kinds_is_refused_and_the_client_is_heard_out(string name, FileProblem problem)
    {
        var content = new Section([.. "MZ"u8, .. new byte[500_000]]);
        var refused = await intake.TakeAsync(conversation, key, name, content);
        Assert.Equal((name, problem), (refused.Name, refused.Problem));
        await NothingIsLeft(content);
    }

    [Theory]
    [InlineData("1000012345", "1000012345.jpg"), InlineData("image%3A1641", "image%3A1641.jpg"), InlineData("leg.", "leg.jpg"), InlineData("leg.JPE", "leg.jpg"),
        InlineData("leg.jfif", "leg.jpg"), InlineData("LEG.JPEG", "LEG.JPEG"), InlineData("IMG_1234.HEIC", "IMG_1234.jpg"), InlineData(null, "file.jpg")]
    public async Task A_photo_under_a_name_as_pickers_give_it_is_kept_with_the_right_extension(string? name, string kept)
    {
        var taken = await intake.TakeAsync(conversation, key, name, new Section(SampleFiles.Jpeg()));
        Assert.Equal((kept, kept, FileKind.Jpeg), (taken.Name, taken.File!.Name, taken.File.Kind));
    }

    [Fact]
    public async Task An_empty_file_is_refused()
    {
        Assert.Equal(FileProblem.Empty, (await TakeAsync("leg.jpg", [])).Problem);
        Assert.Equal(FileProblem.Empty, (await TakeAsync("leg.xyz", [])).Problem);
    }

    [Fact]
    public async Task A_file_that_fails_its_check_leaves_nothing()
    {
        foreach (var (name, bytes, problem) in ((string, byte[], FileProblem)[])
            [
                ("a.docx", SampleFiles.EncryptedDocx(), FileProblem.PasswordProtected), ("a.pdf", SampleFiles.EncryptedPdf(), FileProblem.PasswordProtected),
                ("a.doc", SampleFiles.EncryptedDoc(), FileProblem.PasswordProtected), ("a.docx", SampleFiles.MacroDocx(), FileProblem.Macros),
                ("a.docx", SampleFiles.ZipBombDocx(), FileProblem.Damaged), ("a.jpg", [0xFF, 0xD8, 0xFF, 0xD9], FileProblem.Damaged),
                ("a.png", SampleFiles.Png()[..^20], FileProblem.Damaged), ("a.jpg", SampleFiles.Png(width: 12_000, height: 9_000), FileProblem.WrongName),
                ("a.png", SampleFiles.Png(width: 12_000, height: 9_000), FileProblem.TooManyPixels),
            ])
        {
            var content = new Section(bytes);
            Assert.Equal(problem, (await intake.TakeAsync(conversation, key, name, content)).Problem);
            await NothingIsLeft(content);
        }
    }

    [Fact]
    public async Task Active_content_is_noted()
    {
        Assert.True((await TakeAsync("a.pdf", SampleFiles.PdfWith("/OpenAction 9 0 R"))).File!.ActiveContent);
        Assert.True((await TakeAsync("a.doc", SampleFiles.MacroDoc())).File!.ActiveContent);
        Assert.False((await TakeAsync("b.pdf", SampleFiles.Pdf())).File!.ActiveContent);
    }

    [Fact]
    public async Task A_photo_is_kept_without_its_place()
    {
        var photo = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Infrastructure/Files/photos/gps_DSCN0010.jpg"));
        Assert.True(photo.AsSpan().IndexOf("NIKON"u8) > 0);
        var file = (await TakeAsync("../C:\\photo\u202E.jpg", photo)).File!;
        Assert.Equal("photo.jpg", file.Name);
        var kept = await ReadAsync(file.Id);
        Assert.True(kept.AsSpan().IndexOf("NIKON"u8) < 0);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(photo)), file.Sha256);
    }

    [Fact]
    public async Task Nothing_of_a_file_is_on_disk_in_clear()
    {
        var file = (await TakeAsync("secret-name.pdf", SampleFiles.PdfWith("/Title (A very private reply)"))).File!;
        Assert.True((await ReadAsync(file.Id)).AsSpan().IndexOf("A very private reply"u8) > 0);
        foreach (var path in Directory.GetFiles(root, "*", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain("secret-name", path, StringComparison.Ordinal);
            Assert.True((await File.ReadAllBytesAsync(path)).AsSpan().IndexOf("A very private reply"u8) < 0);
        }
    }

    [Fact]
    public async Task A_store_that_fails_is_an_outage_and_the_client_is_heard_out()
    {
        foreach (var (failing, kind) in new (Failing, FileKind)[]
        {
            (new(store, onWrite: 1), FileKind.Jpeg), (new(store, onSpool: true), FileKind.Jpeg), (new(store, onWrite: 1), FileKind.Pdf), (new(store, onRead: true), FileKind.Pdf),
        })
        {
            var content = new Section(SampleFiles.Of(kind, 500_000));
            await Assert.ThrowsAsync<FileStoreUnavailableException>(() =>
                new FileIntake(failing, new ContentChecksOnly(), new At(Now), NoMeasures.New()).TakeAsync(conversation, key, "leg" + kind.Extension(), content));
            await NothingIsLeft(content);
        }
    }

    [Fact]
    public async Task A_photo_is_written_to_the_store_once_and_never_read_back()
    {
        // Its second write would fail, and any read.
        var strict = new Failing(store, onWrite: 2, onRead: true);

        var taken = await new FileIntake(strict, new ContentChecksOnly(), new At(Now), NoMeasures.New()).TakeAsync(conversation, key, "leg.jpg", new Section(SampleFiles.Jpeg(500_000)));

        Assert.Equal([BlobName.Of(conversation, taken.File!.Id)], await store.ListAsync("").ToArrayAsync());
        Assert.Empty(Directory.GetFiles(Path.Combine(root, "incoming")));
    }

    [Fact]
    public async Task A_client_that_goes_away_is_not_an_outage()
    {
        var gone = await Assert.ThrowsAsync<IOException>(() => intake.TakeAsync(conversation, key, "leg.jpg", new Section(SampleFiles.Jpeg(500_000), failAt: 300_000)));
        Assert.IsNotType<FileStoreUnavailableException>(gone);
        Assert.Empty(await store.ListAsync("").ToArrayAsync());
    }

    [Fact]
    public async Task A_file_damaged_on_disk_is_refused_and_a_missing_one_is_not_found()
    {
        var file = (await TakeAsync("a.pdf", SampleFiles.Pdf(200_000))).File!;
        var path = Path.Combine(root, BlobName.Of(conversation, file.Id));
        var stored = await File.ReadAllBytesAsync(path);
        stored[30_000] ^= 1;
        await File.WriteAllBytesAsync(path, stored);
        await Assert.ThrowsAsync<DamagedFileException>(() => ReadAsync(file.Id));
        await store.DeleteAsync(BlobName.Of(conversation, file.Id));
        await Assert.ThrowsAsync<FileNotFoundException>(() => ReadAsync(file.Id));
    }

    private Task<IntakeResult> TakeAsync(string name, byte[] bytes) => intake.TakeAsync(conversation, key, name, new Section(bytes));

    private async Task<byte[]> ReadAsync(Guid file)
    {
        await using var stored = await intake.OpenAsync(conversation, key, file);
        using var plain = new MemoryStream();
        await stored.CopyToAsync(plain);
        return plain.ToArray();
    }

    private async Task NothingIsLeft(Section content)
    {
        Assert.True(content.IsReadToEnd);
        Assert.Empty(await store.ListAsync("").ToArrayAsync());
        Assert.Empty(Directory.GetFiles(root, "*", SearchOption.AllDirectories));
    }

    private sealed class At(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    /// <summary>A section of a multipart body: no length, no seeking, no synchronous reads, small portions.</summary>
    private sealed class Section(byte[] bytes, int failAt = int.MaxValue) : ReadOnlyStream
    {
        private int given;

        public bool IsReadToEnd { get; private set; }

        public override int Read(Span<byte> buffer) => throw new InvalidOperationException("Synchronous reads are disallowed.");

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask;
            if (given >= failAt) throw new IOException("The client reset the connection.");
            var count = Math.Min(Math.Min(buffer.Length, 4000), bytes.Length - given);
            bytes.AsMemory(given, count).CopyTo(buffer);
            given += count;
            IsReadToEnd = count == 0 && buffer.Length > 0;
            return count;
        }
    }

    private sealed class Failing(IFileStore inner, int onWrite = 0, bool onRead = false, bool onSpool = false) : IFileStore
    {
        private int writes;

        public async Task WriteAsync(string name, Stream content, CancellationToken cancellation = default)
        {
            if (++writes != onWrite) await inner.WriteAsync(name, content, cancellation);
            else
            {
                await content.ReadExactlyAsync(new byte[100], cancellation);
                throw new FileStoreUnavailableException(new IOException("No space left on device"));
            }
        }

        public FileStream Spool() => onSpool ? throw new FileStoreUnavailableException(new IOException("No space left on device")) : inner.Spool();

        public async Task<Stream> OpenReadAsync(string name, CancellationToken cancellation = default) =>
            onRead ? throw new IOException("Input/output error") : await inner.OpenReadAsync(name, cancellation);

        public Task DeleteAsync(string name, CancellationToken cancellation = default) => inner.DeleteAsync(name, cancellation);

        public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellation = default) => inner.ListAsync(prefix, cancellation);
    }
}
