using Microsoft.Extensions.Logging.Abstractions;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Scan;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Scan;

[Collection(Clamd.Name)]
public class RealClamAvTests
{
    private readonly FakeTime _time = new();

    public static TheoryData<FileKind> Kinds => [.. Enum.GetValues<FileKind>()];

    [Theory, MemberData(nameof(Kinds))]
    public async Task Files_of_every_kind_and_of_the_largest_size_are_clean(FileKind kind)
    {
        Assert.Equal(ScanOutcome.Clean, await ScanAsync(SampleFiles.Of(kind)));
        Assert.Equal(ScanOutcome.Clean, await ScanAsync(SampleFiles.Of(kind, FileRules.MaxBytes)));
    }

    [Fact]
    public async Task A_virus_is_found_also_at_the_end_of_a_large_file()
    {
        Assert.Equal(ScanOutcome.Infected, await ScanAsync(Clamd.InfectedPdf));
        Assert.Equal(ScanOutcome.Infected, await ScanAsync([.. SampleFiles.Jpeg(7_000_000), .. Clamd.InfectedPdf]));
    }

    [Fact]
    public async Task A_file_over_the_scanners_limits_is_never_clean()
    {
        // Over MaxFileSize; then over StreamMaxLength, where clamd closes in mid-file and its answer may get lost.
        Assert.Equal(ScanOutcome.BeyondLimits, await ScanAsync(new byte[8_000_000]));
        for (var i = 0; i < 5; i++)
            Assert.True(await ScanAsync(new byte[40_000_000]) is ScanOutcome.BeyondLimits or ScanOutcome.Unavailable);
    }

    [Fact]
    public async Task A_hung_scanner_is_unavailable_and_then_scans_again()
    {
        var scanner = Scanner();
        using (Clamd.OfThisRun().Hangs())
        {
            var scan = scanner.ScanAsync(new MemoryStream(SampleFiles.Pdf(FileRules.MaxBytes)));
            Assert.Equal(ScanOutcome.Unavailable, await _time.PassUntilAsync(scan));
        }
        _time.Advance(ClamAvScanner.Rest);
        Assert.Equal(ScanOutcome.Clean, await scanner.ScanAsync(new MemoryStream(SampleFiles.Pdf())));
    }

    private Task<ScanOutcome> ScanAsync(byte[] file) => Scanner().ScanAsync(new MemoryStream(file));

    private ClamAvScanner Scanner()
    {
        var clamd = Clamd.OfThisRun();
        return new(new(clamd.Host, clamd.Port), _time, NullLogger<ClamAvScanner>.Instance);
    }
}
