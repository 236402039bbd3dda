using PatientResponse.Infrastructure.Security;

namespace PatientResponse.Tests.Infrastructure.Security;

public class TotpTests
{
    private const string Rfc = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    /// <summary>In step 37037036.</summary>
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1111111109);

    /// <summary>RFC 6238, appendix B: the key is "12345678901234567890"; ours are the last six digits.</summary>
    [Theory]
    [InlineData(59, 1, "287082")]
    [InlineData(1111111109, 37037036, "081804")]
    [InlineData(1111111111, 37037037, "050471")]
    [InlineData(1234567890, 41152263, "005924")]
    [InlineData(2000000000, 66666666, "279037")]
    [InlineData(20000000000, 666666666, "353130")]
    public void The_codes_are_those_of_the_standard(long seconds, long step, string code) =>
        Assert.Equal(step, Totp.StepOf(Rfc, code, DateTimeOffset.FromUnixTimeSeconds(seconds), 0));

    [Theory]
    [InlineData("150727", null)]
    [InlineData("731029", 37037035L)]
    [InlineData("081804", 37037036L)]
    [InlineData("050471", 37037037L)]
    [InlineData("266759", null)]
    public void A_clock_may_be_half_a_minute_off_and_no_more(string code, long? step) => Assert.Equal(step, Totp.StepOf(Rfc, code, Now, 0));

    [Fact]
    public void A_used_step_and_earlier_ones_are_refused()
    {
        Assert.Null(Totp.StepOf(Rfc, "081804", Now, 37037036));
        Assert.Null(Totp.StepOf(Rfc, "731029", Now, 37037036));
        Assert.Equal(37037037, Totp.StepOf(Rfc, "050471", Now, 37037036));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("28708２")]
    [InlineData("0287082")]
    [InlineData("+87082")]
    [InlineData(" 287082")]
    public void What_is_no_code_is_refused(string typed) => Assert.Null(Totp.StepOf(Rfc, typed, DateTimeOffset.FromUnixTimeSeconds(59), 0));

    [Fact]
    public void Keys_are_160_bits_of_chance_in_letters_and_digits_that_apps_take() =>
        Assert.Equal(100, Enumerable.Range(0, 100).Select(_ => Totp.NewKey()).Where(key => key.Length == 32 && key.All("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".Contains)).Distinct().Count());
}
