using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Files.Sealing;
using PatientResponse.Infrastructure.Scan;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Scan;

/// <summary>Against something that behaves badly where clamd should be.</summary>
public class ClamAvScannerTests
{
    private readonly FakeTime _time = new();

    [Theory]
    [InlineData("stream: OK\0", ScanOutcome.Clean)]
    [InlineData("stream: OK", ScanOutcome.Unavailable)]
    [InlineData("stream: O", ScanOutcome.Unavailable)]
    [InlineData("", ScanOutcome.Unavailable)]
    [InlineData("\0", ScanOutcome.Unavailable)]
    public async Task A_reply_counts_only_when_it_is_whole(string reply, ScanOutcome outcome)
    {
        using var clamd = FalseClamd.Saying(reply);
        Assert.Equal(outcome, await Scanner(clamd).ScanAsync(Large()));
    }

    [Fact]
    public async Task All_of_the_file_arrives()
    {
        var heard = 0;
        using var clamd = new FalseClamd(async stream =>
        {
            heard = await FalseClamd.HearOutAsync(stream);
            await stream.WriteAsync("stream: OK\0"u8.ToArray());
        });
        Assert.Equal(ScanOutcome.Clean, await Scanner(clamd).ScanAsync(Large()));
        Assert.Equal(FileRules.MaxBytes, heard);
    }

    [Fact]
    public async Task A_scanner_that_cuts_the_connection_off_has_said_nothing()
    {
        using var clamd = new FalseClamd(stream => stream.ReadExactlyAsync(new byte[1000]).AsTask());
        Assert.Equal(ScanOutcome.Unavailable, await Scanner(clamd).ScanAsync(Large()));
    }

    [Fact]
    public async Task What_it_said_before_it_took_no_more_is_heard()
    {
        using var clamd = new FalseClamd(async stream =>
        {
            await stream.ReadExactlyAsync(new byte[1000]);
            await stream.WriteAsync("INSTREAM size limit exceeded. ERROR\0"u8.ToArray());
            stream.Socket.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(Stream.Null);
        });
        Assert.Equal(ScanOutcome.BeyondLimits, await Scanner(clamd).ScanAsync(Large()));
    }

    [Fact]
    public async Task A_scanner_that_is_down_is_asked_again_only_after_a_while()
    {
        var scanner = Scanner(FreePort());
        Assert.Equal(ScanOutcome.Unavailable, await scanner.ScanAsync(Large()));
        using var clamd = new FalseClamd(_ => Task.CompletedTask);
        scanner = Scanner(clamd);
        for (var file = 0; file < 5; file++)
            Assert.Equal(ScanOutcome.Unavailable, await scanner.ScanAsync(Large()));
        Assert.Equal(1, clamd.Connections);
        _time.Advance(ClamAvScanner.Rest);
        await scanner.ScanAsync(Large());
        Assert.Equal(2, clamd.Connections);
    }

    [Fact]
    public async Task A_scanner_that_says_nothing_is_waited_for_fifteen_seconds()
    {
        var connected = new TaskCompletionSource();
        using var clamd = new FalseClamd(async stream =>
        {
            await FalseClamd.HearOutAsync(stream);
            connected.SetResult();
            await stream.CopyToAsync(Stream.Null);
        });
        var scan = Scanner(clamd).ScanAsync(Large());
        await connected.Task;
        _time.Advance(ClamAvScanner.Patience - TimeSpan.FromTicks(1));
        Assert.False(scan.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(ScanOutcome.Unavailable, await scan);
    }

    [Fact]
    public async Task Whoever_gives_up_is_not_told_that_the_scanner_is_down()
    {
        using var clamd = FalseClamd.Saying("stream: OK\0");
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        var scanner = Scanner(clamd);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scanner.ScanAsync(Large(), gone.Token));
        Assert.Equal(ScanOutcome.Clean, await scanner.ScanAsync(Large()));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_no_fault_of_the_scanner()
    {
        using var clamd = FalseClamd.Saying("stream: OK\0");
        var scanner = Scanner(clamd);
        await Assert.ThrowsAsync<DamagedFileException>(() => scanner.ScanAsync(new Damaged()));
        Assert.Equal(ScanOutcome.Clean, await scanner.ScanAsync(Large()));
    }

    private ClamAvScanner Scanner(FalseClamd clamd) => Scanner(clamd.Port);

    private ClamAvScanner Scanner(int port) => new(new("127.0.0.1", port), _time, NullLogger<ClamAvScanner>.Instance);

    private static MemoryStream Large() => new(SampleFiles.Pdf(FileRules.MaxBytes));

    private static int FreePort()
    {
        using var taken = new FalseClamd(_ => Task.CompletedTask);
        return taken.Port;
    }

    private sealed class Damaged : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer) => throw new DamagedFileException();

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new DamagedFileException();
    }
}
