using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Tests.Infrastructure.Files;

/// <summary>Which encrypted PDFs open without a password. The dictionaries were made with qpdf 11, all with the passwords "secret", "owner" or none.</summary>
public class PdfEncryptionTests
{
    [Theory]
    [InlineData("40 bits", "<< /Filter /Standard /Length 40 /O <c92422687facee686e373f10b5c7d04738053152f7e2ee30e11c69ec442576ab> /P -4 /R 2 /U <bfc6618b439f74045ae738612fc267114267468bf0156a112aedfa4aa393dca6> /V 1 >>", "bfea1fa2802dc6906fdb9584322634b1", true)]
    [InlineData("128 bits", "<< /Filter /Standard /Length 128 /O <566fa873ee33c797cd3b904fdadf814afa34df9a38f6ed41b984e2c6da2aa6f5> /P -4 /R 3 /U <3b854183cc82fcaa2a37fb2f154f48060122456a91bae5134273a6db134c87c4> /V 2 >>", "aeeb273181b036bb40fb4619d382a228", true)]
    [InlineData("128 bits, crypt filters", "<< /CF << /StdCF << /AuthEvent /DocOpen /CFM /V2 /Length 16 >> >> /Filter /Standard /Length 128 /O <566fa873ee33c797cd3b904fdadf814afa34df9a38f6ed41b984e2c6da2aa6f5> /P -4 /R 4 /StmF /StdCF /StrF /StdCF /U <633278411c11f0b2d68a6cd0873f87d20122456a91bae5134273a6db134c87c4> /V 4 >>", "05464d36fb6671d5d1308319715091d1", true)]
    [InlineData("AES", "<< /CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV2 /Length 16 >> >> /Filter /Standard /Length 128 /O <566fa873ee33c797cd3b904fdadf814afa34df9a38f6ed41b984e2c6da2aa6f5> /P -4 /R 4 /StmF /StdCF /StrF /StdCF /U <0700e2486ec295488d287d9b3de14a240122456a91bae5134273a6db134c87c4> /V 4 >>", "0993b0b8162bcf0586200955a90d84d0", true)]
    [InlineData("AES, metadata in clear", "<< /CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV2 /Length 16 >> >> /EncryptMetadata false /Filter /Standard /Length 128 /O <566fa873ee33c797cd3b904fdadf814afa34df9a38f6ed41b984e2c6da2aa6f5> /P -4 /R 4 /StmF /StdCF /StrF /StdCF /U <0543b4598a19cf69d854e15a002c89010122456a91bae5134273a6db134c87c4> /V 4 >>", "55ab466e7b8cc810282dba757a88fafd", true)]
    [InlineData("AES-256 of Acrobat 9", "<< /CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV3 /Length 32 >> >> /Filter /Standard /Length 256 /O <305bef81d902bb36e148ade4f00661db396a6672647fbb3ba9eb6e9bf4a4dcedaf37f281aa0c145829c171ac1f906793> /P -4 /R 5 /StmF /StdCF /StrF /StdCF /U <686050267cd93f4d05c78ea019398d1e83adf984b3109b3e3f5aea9f9701557bc26f82a3952a390d1c6e258fe22995b8> /V 5 >>", "986ed58a40160692db27ae278503b095", true)]
    [InlineData("AES-256", "<< /CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV3 /Length 32 >> >> /Filter /Standard /Length 256 /O <5ba2a385c5ce8cfde3f322c07f23af7aae54e126865ef428e2b84818cc31453d721f9c542b215cc2f0573b44690d3a58> /P -4 /R 6 /StmF /StdCF /StrF /StdCF /U <7b1a65d858448fd0ccd2606ccb6128bca1ed83088c852c6d363136cac6f6097a038b87f9cb2942af7e29b00fe92fb5c5> /V 5 >>", "f49c788120f700b7760acd1a8b90ff18", true)]
    [InlineData("AES-256, owner", "<< /CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV3 /Length 32 >> >> /Filter /Standard /Length 256 /O <4ab51cdbdfacd8a4cca70c568e04f9a3717570e87e798cce4ced0f220ba51289b05f776d27234863bbe60ac6c3a00648> /P -4 /R 6 /StmF /StdCF /StrF /StdCF /U <f911d975681058ca366ea49e95930e50d3e0bbf043e65b798f0bc161ebde73630017e668165b48c18a642f83c768f12c> /V 5 >>", "9667a0f83fc3ad639e37fc31107c38d9", true)]
    [InlineData("40 bits, user", "<< /Filter /Standard /Length 40 /O <92fe0f4454ad4c9644693f33c07cb54f587dce1e2682fe9ecea6107a1ef630dd> /P -4 /R 2 /U <735109294838de2b5322cf25e48e08e2584891eb75e4851beead92cba5c44583> /V 1 >>", "6de3ffa2cf48cd5d6e4ed499b02136d4", false)]
    [InlineData("128 bits, user", "<< /Filter /Standard /Length 128 /O <0db5855fc5326569e765906caf64e4429a4c20d6e996fdef963e9b5080f9e083> /P -4 /R 3 /U <4bdea95ac22122f0529d1ae11f356c910122456a91bae5134273a6db134c87c4> /V 2 >>", "476950796a4b1df562d7a741d91521dd", false)]
    [InlineData("AES, user", "<< /CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV2 /Length 16 >> >> /Filter /Standard /Length 128 /O <0db5855fc5326569e765906caf64e4429a4c20d6e996fdef963e9b5080f9e083> /P -4 /R 4 /StmF /StdCF /StrF /StdCF /U <636eb01d23c9c3281ebfc4dc8219130a0122456a91bae5134273a6db134c87c4> /V 4 >>", "1228ee09bbef10cecee4372af96579bc", false)]
    [InlineData("AES-256 of Acrobat 9, user", "<< /CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV3 /Length 32 >> >> /Filter /Standard /Length 256 /O <519a639eb19ea212e8238e00ead45c747308c7320685dbd2497ff33bf099b2acb38cc391333fad5150062cc0a6d0d572> /P -4 /R 5 /StmF /StdCF /StrF /StdCF /U <d23ee3a1609873e1f50628ad94aad64ad437db2030dee0769e54338a775c0a1f39366acbd205d9f6cd292a5560332436> /V 5 >>", "a80d4cba405f5bb2c56f1ad77861bc30", false)]
    [InlineData("AES-256, user", "<< /CF << /StdCF << /AuthEvent /DocOpen /CFM /AESV3 /Length 32 >> >> /Filter /Standard /Length 256 /O <3d02acbb3bb437082e3fd6d94eff17b8ce3db44333b75a10a0eda531ef17fafeed11255094ebca293336938111f22f2a> /P -4 /R 6 /StmF /StdCF /StrF /StdCF /U <8270de3e6d83b2f58f264037b75c5e84662466acdf4a2d1f656b9c501d12fa57d6ef1a9169308deeca03579365e648b1> /V 5 >>", "1307232f477b5ed3ba3977aec9173b70", false)]
    public void A_pdf_that_opens_without_a_password_is_accepted_and_flagged(string how, string encryption, string id, bool opens)
    {
        var pdf = PdfMaker.WithPage().Object(5, encryption).End($"/Encrypt 5 0 R /ID [<{id}><{id}>]");
        Assert.Equal((how, opens ? ContentVerdict.WithActiveContent : ContentVerdict.Refused(FileProblem.PasswordProtected)), (how, Check(pdf)));
        // The same within the trailer, and with one bit of the user's key changed.
        Assert.Equal(Check(pdf), Check(PdfMaker.WithPage().End($"/Encrypt {encryption} /ID [<{id}><{id}>]")));
        var key = encryption.IndexOf("/U <", StringComparison.Ordinal) + 5;
        var other = encryption[..key] + (encryption[key] == '0' ? '1' : '0') + encryption[(key + 1)..];
        Assert.Equal(FileProblem.PasswordProtected, Check(PdfMaker.WithPage().End($"/Encrypt {other} /ID [<{id}><{id}>]")).Problem);
    }

    [Theory]
    [InlineData("/V 4 /R 4 /CF << /X << /CFM /AESV2 /AuthEvent /EFOpen >> >> /EFF /X /StmF /Identity /StrF /Identity", true), InlineData("/V 5 /R 6 /CF << /X << /CFM /AESV3 >> >> /EFF /X", true)]
    [InlineData("/V 4 /R 4 /CF << /X << /CFM /AESV2 >> >> /EFF /X /StmF /X /StrF /Identity", false), InlineData("/V 4 /R 4 /StmF /X /StrF /X", false)]
    public void A_pdf_of_which_only_the_attachments_are_encrypted_opens(string keys, bool opens) =>
        Assert.Equal(opens ? null : FileProblem.PasswordProtected, Check(PdfMaker.WithPage().End($"/Encrypt << /Filter /Standard {keys} >>")).Problem);

    [Theory]
    [InlineData("<< /Filter /Adobe.PubSec /V 4 /StmF /DefaultCryptFilter /StrF /DefaultCryptFilter >>"), InlineData("<< /Filter /Standard >>"), InlineData("<< >>"), InlineData("99 0 R"), InlineData("<< /Filter /Standard /V 2 /R 3 /O () /U () /P -4 >>")]
    public void A_pdf_that_nobody_opens_without_a_key_is_refused(string encryption) =>
        Assert.Equal(FileProblem.PasswordProtected, Check(PdfMaker.WithPage().End($"/Encrypt {encryption}")).Problem);

    [Theory]
    [InlineData("/Title (/Encrypt 9 0 R)"), InlineData("/X << /Encrypt << /Filter /Standard >> >>"), InlineData("% trailer << /Encrypt 9 0 R >>\n"), InlineData("/X (trailer << /Encrypt 9 0 R >>)"), InlineData("/EncryptMetadata false")]
    public void What_is_not_in_a_trailer_encrypts_nothing(string catalog) => Assert.Equal(ContentVerdict.Sound, Check(PdfMaker.WithPage(catalog).End()));

    [Fact]
    public void Encryption_is_found_where_it_hides()
    {
        // Behind a comment and a text, in a stream's dictionary, and in a trailer that only the cross-reference leads to.
        Assert.Equal(FileProblem.PasswordProtected, Check(PdfMaker.WithPage().End("/X (\\)>>) % >>\n /#45ncrypt << /Filter /Standard >>")).Problem);
        Assert.Equal(FileProblem.PasswordProtected, Check(PdfMaker.WithPage().Packed(4, "", PdfMaker.Plain, (5, "1")).End("/Encrypt << /Filter /Standard >>")).Problem);
        Assert.Equal(FileProblem.PasswordProtected, Check(PdfMaker.WithPage().Stream(4, "", "xref 0 0 trailer << /Root 1 0 R /Encrypt 99 0 R >>"u8.ToArray()).End(
            $"/Prev {PdfMaker.WithPage().Stream(4, "", new byte[50]).Length - 50 - "\nendstream\nendobj\n".Length}")).Problem);
    }

    [Fact]
    public void Permissions_may_be_written_as_a_large_number()
    {
        var (encryption, id) = ("<< /Filter /Standard /Length 128 /O <566fa873ee33c797cd3b904fdadf814afa34df9a38f6ed41b984e2c6da2aa6f5> /P -4 /R 3 /U <3b854183cc82fcaa2a37fb2f154f48060122456a91bae5134273a6db134c87c4> /V 2 >>", "aeeb273181b036bb40fb4619d382a228");
        Assert.Equal(ContentVerdict.WithActiveContent, Check(PdfMaker.WithPage().End($"/Encrypt {encryption.Replace("/P -4", "/P 4294967292", StringComparison.Ordinal)} /ID [<{id}><{id}>]")));
    }

    private static ContentVerdict Check(byte[] file) => ContentCheck.Check(new MemoryStream(file), FileKind.Pdf);
}
