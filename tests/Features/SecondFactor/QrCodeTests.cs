using System.Diagnostics;
using PatientResponse.Features.SecondFactor;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.SecondFactor;

public class QrCodeTests
{
    [Fact]
    public async Task A_phone_reads_from_the_picture_what_the_key_says()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/account/authenticator");
        var picture = alice.Page.Html.QuerySelector(".app-qr")!;
        var key = alice.Page.Html.QuerySelector(".app-key")!.TextContent.Replace(" ", "", StringComparison.Ordinal);

        var start = new ProcessStartInfo("node") { WorkingDirectory = Repository.Root, RedirectStandardOutput = true };
        foreach (var argument in (string[])["tests/Features/SecondFactor/read-qr.mjs", picture.GetAttribute("viewBox")!, picture.QuerySelector("path")!.GetAttribute("d")!])
            start.ArgumentList.Add(argument);
        using var node = Process.Start(start)!;
        var read = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.Equal($"otpauth://totp/PatientResponse:demo%40example.nhs.uk?secret={key}&issuer=PatientResponse", read);
    }

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
