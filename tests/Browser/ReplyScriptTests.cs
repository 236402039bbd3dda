using System.IO.Compression;

namespace PatientResponse.Tests.Browser;

public class ReplyScriptTests
{
    [Fact]
    public void The_only_script_of_a_patient_s_page_is_3_KB_at_most_as_it_is_sent()
    {
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
            brotli.Write(File.ReadAllBytes(Path.Combine(Repository.Root, "wwwroot/lib/reply.js")));

        Assert.InRange(compressed.Length, 1_000, 3 * 1024);
    }
}
