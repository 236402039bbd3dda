using PatientResponse.Infrastructure.Scan;

namespace PatientResponse.Tests.Infrastructure.Scan;

public class ClamAvReplyTests
{
    [Theory]
    [InlineData("stream: OK", ScanOutcome.Clean)]
    [InlineData("stream: Eicar-Test-Signature.UNOFFICIAL FOUND", ScanOutcome.Infected)]
    [InlineData("stream: Heuristics.Encrypted.Zip FOUND", ScanOutcome.Infected)]
    [InlineData("stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND", ScanOutcome.BeyondLimits)]
    [InlineData("INSTREAM size limit exceeded. ERROR", ScanOutcome.BeyondLimits)]
    [InlineData("", ScanOutcome.Unavailable)]
    [InlineData("OK", ScanOutcome.Unavailable)]
    [InlineData("stream: ok", ScanOutcome.Unavailable)]
    [InlineData("stream: OK\n", ScanOutcome.Unavailable)]
    [InlineData("stream: OKAY", ScanOutcome.Unavailable)]
    [InlineData("stream: Can't allocate memory ERROR", ScanOutcome.Unavailable)]
    [InlineData("stream: Not OK", ScanOutcome.Unavailable)]
    [InlineData("UNKNOWN COMMAND", ScanOutcome.Unavailable)]
    [InlineData("stream: FOUND", ScanOutcome.Unavailable)]
    [InlineData("stream:  FOUND", ScanOutcome.Unavailable)]
    public void A_file_is_clean_only_when_clamd_says_exactly_so(string reply, ScanOutcome outcome) =>
        Assert.Equal(outcome, ClamAvReply.Of(reply).Outcome);

    [Fact]
    public void What_was_found_has_its_name() =>
        Assert.Equal("Eicar-Test-Signature.UNOFFICIAL", ClamAvReply.Of("stream: Eicar-Test-Signature.UNOFFICIAL FOUND").Signature);
}
