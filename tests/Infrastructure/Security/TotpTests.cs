using PatientResponse.Infrastructure.Security;

namespace PatientResponse.Tests.Infrastructure.Security;

public class TotpTests
{
    private const string Rfc = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    /// <summary>RFC 6238, appendix B: the key is "12345678901234567890"; ours are the last six digits.</summary>
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void The_codes_are_those_of_the_standard(long seconds, string code) =>
        Assert.Equal(code, Totp.Code(Rfc, Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds))));

    [Fact]
    public void A_clock_may_be_half_a_minute_off_and_no_more()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1111111109);
        var step = Totp.StepAt(now);
        for (var off = -1; off <= 1; off++)
            Assert.Equal(step + off, Totp.StepOf(Rfc, Totp.Code(Rfc, step + off), now, 0));
        Assert.Null(Totp.StepOf(Rfc, Totp.Code(Rfc, step - 2), now, 0));
        Assert.Null(Totp.StepOf(Rfc, Totp.Code(Rfc, step + 2), now, 0));
    }

    [Fact]
    public void A_used_step_and_earlier_ones_are_refused()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1111111109);
        var step = Totp.StepAt(now);
        Assert.Null(Totp.StepOf(Rfc, Totp.Code(Rfc, step), now, step));
        Assert.Null(Totp.StepOf(Rfc, Totp.Code(Rfc, step - 1), now, step));
        Assert.Equal(step + 1, Totp.StepOf(Rfc, Totp.Code(Rfc, step + 1), now, step));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("28708２")]
    public void What_is_no_code_is_refused(string typed) => Assert.Null(Totp.StepOf(Rfc, typed, DateTimeOffset.FromUnixTimeSeconds(59), 0));

    [Fact]
    public void Keys_are_160_bits_of_chance() => Assert.Equal(100, Enumerable.Range(0, 100).Select(_ => Totp.NewKey()).Where(key => key.Length == 32).Distinct().Count());
}
