using PatientResponse.Features.SecondFactor;

namespace PatientResponse.Tests.Features.SecondFactor;

public class QrCodeTests
{
    [Fact]
    public void A_code_has_its_three_finder_patterns_inside_a_quiet_zone_of_four()
    {
        var code = QrCode.Of("otpauth://totp/PatientResponse:demo%40example.nhs.uk?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=PatientResponse");
        Assert.Equal(0, (code.Size - 8 - 17) % 4);
        foreach (var (x, y) in new[] { (4, 4), (code.Size - 11, 4), (4, code.Size - 11) })
        {
            Assert.True(Dark(x, y) && Dark(x + 6, y + 6) && Dark(x + 3, y + 3));
            Assert.False(Dark(x + 1, y + 1));
        }
        Assert.False(Dark(3, 3));

        bool Dark(int x, int y) => code.Path.Contains($"M{x} {y}h1", StringComparison.Ordinal);
    }
}
