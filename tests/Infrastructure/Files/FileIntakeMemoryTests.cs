using System.Security.Cryptography;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Scan;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Files;

/// <summary>Runs alone: what is counted is allocated by the whole process.</summary>
[CollectionDefinition(nameof(FileIntakeMemoryTests), DisableParallelization = true)]
[Collection(nameof(FileIntakeMemoryTests))]
public sealed class FileIntakeMemoryTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("memory-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory, InlineData("a.jpg", FileKind.Jpeg), InlineData("a.pdf", FileKind.Pdf), InlineData("a.doc", FileKind.Doc), InlineData("a.docx", FileKind.Docx)]
    public async Task Memory_stays_a_few_buffers_whatever_the_size(string name, FileKind kind)
    {
        var intake = new FileIntake(new FolderFileStore(root, TimeProvider.System), new ContentChecksOnly(), TimeProvider.System, NoMeasures.New());
        var (conversation, key, bytes) = (Guid.NewGuid(), RandomNumberGenerator.GetBytes(32), SampleFiles.Of(kind, FileRules.MaxBytes));
        Assert.NotNull((await intake.TakeAsync(conversation, key, name, new MemoryStream(bytes))).File);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await intake.TakeAsync(conversation, key, name, new MemoryStream(bytes));
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 2_000_000);
    }
}
