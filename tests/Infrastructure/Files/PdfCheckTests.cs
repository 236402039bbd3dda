using System.Globalization;
using System.Text;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Tests.Infrastructure.Files;

/// <summary>What of a PDF is an action, and where one may hide.</summary>
public class PdfCheckTests
{
    private const string Script = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>";

    public static TheoryData<string, string> Packings => new()
    {
        { "", "plain" }, { "/Filter /FlateDecode", "flate" }, { "/Filter [/Fl]", "flate" }, { "/Filter [/FlateDecode /FlateDecode]", "flate flate" },
        { "/Filter [/ASCIIHexDecode /FlateDecode]", "flate hex" }, { "/Filter [/AHx]", "hex" }, { "/Filter /ASCII85Decode", "85" }, { "/Filter [/A85 /Fl]", "flate 85" },
        { "/Filter /LZWDecode", "lzw" }, { "/Filter /RunLengthDecode", "runs" }, { "/Filter [/RL /LZW /AHx /Fl /A85]", "85 flate hex lzw runs" },
        { "/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 5 >>", "up flate" },
        { "/Filter [/FlateDecode /FlateDecode] /DecodeParms [null << /Predictor 12 /Columns 5 >>]", "up flate flate" },
        { "/Filter /Fl#61teDecode", "flate" }, { "/Filter 8 0 R", "flate" }, { "/Filter [/AHx /FlateDecode] /DecodeParms 7 0 R", "up flate hex" },
    };

    [Theory]
    [InlineData("/OpenAction [3 0 R /XYZ null null 0]"), InlineData("/OpenAction [3 0 R /Fit]"), InlineData("/OpenAction 5 0 R"), InlineData("/OpenAction 6 0 R")]
    [InlineData("/OpenAction << /S /GoTo /D [3 0 R /Fit] >>"), InlineData("/OpenAction << /Type /Action /S /GoTo /D (first) >>"), InlineData("/OpenAction (first)"), InlineData("/OpenAction /first"), InlineData("/OpenAction null")]
    [InlineData("/OpenAction << /S /GoTo /D (first) /Next << /S /GoTo /D (second) >> >>"), InlineData("/OpenAction << /S /GoTo /D (a) /Next [6 0 R << /S /GoTo /D (b) >>] >>")]
    [InlineData("/Title (How to use /JavaScript and /Launch)"), InlineData("/Title (a \\) /AA << /O 5 0 R >> \\()"), InlineData("/Title (nested (/OpenAction << /S /Launch >>))"), InlineData("/Title (nested (here) /OpenAction << /S /Launch >>)")]
    [InlineData("/Title <2F4A617661536372697074>"), InlineData("/Title (/Encrypt 9 0 R)"), InlineData("% /JavaScript 9 0 R /Encrypt 9 0 R\n"), InlineData("/X (% \\\\) /Lang (en)")]
    [InlineData("/A << /S /URI /URI (https://example.org/JavaScript/Launch) >>"), InlineData("/A << /S /Named /N /NextPage >>"), InlineData("/A << /S /ResetForm >>")]
    [InlineData("/Dests << /JavaScript [3 0 R /Fit] /OpenAction [3 0 R /Fit] >>"), InlineData("/Resources << /Font << /AA 5 0 R /JS 5 0 R /XFA 5 0 R >> >>"), InlineData("/AP << /N << /JavaScript 5 0 R /EF 5 0 R >> >>")]
    [InlineData("/Names << /JavaScript << /Names [] >> /EmbeddedFiles << /Names [] >> >>"), InlineData("/AS /JavaScript /V /Launch"), InlineData("/JSX 1"), InlineData("/X /J#20S"), InlineData("/EncryptMetadata false"), InlineData("/AA << >>"), InlineData("/AA<<>>/X << /EF << >> >>")]
    public void What_does_nothing_by_itself_is_not_flagged(string catalog)
    {
        var pdf = PdfMaker.WithPage(catalog).Object(5, "[3 0 R /Fit]").Object(6, "<< /S /GoTo /D [3 0 R /Fit] >>").End();
        Assert.Equal(ContentVerdict.Sound, Check(pdf));
    }

    [Theory]
    [InlineData("/OpenAction " + Script), InlineData("/OpenAction << /S /URI /URI (https://example.org) >>"), InlineData("/OpenAction << /S /Named /N /Print >>"), InlineData("/OpenAction << /S /Hide /T (x) >>")]
    [InlineData("/OpenAction 5 0 R"), InlineData("/OpenAction 6 0 R"), InlineData("/OpenAction 7 0 R"), InlineData("/OpenAction 8 0 R"), InlineData("/OpenAction 99 0 R")]
    [InlineData("/OpenAction << /S /GoTo /D (a) /Next << /S /URI /URI (https://example.org) >> >>"), InlineData("/OpenAction << /S /GoTo /D (a) /Next [<< /S /GoTo >> 5 0 R] >>")]
    [InlineData("/OpenAction << /S /GoTo /S /URI >>"), InlineData("/OpenAction << /S 9 0 R >>"), InlineData("/A << /S 10 0 R >>"), InlineData("/A << /S 11 0 R >>"), InlineData("/A << /Subtype 12 0 R >>")]
    [InlineData("/AA << /O 5 0 R >>"), InlineData("/Annots [<< /AA << /D " + Script + " >> >>]"), InlineData("/A " + Script), InlineData("/A << /S /J#61vaScript >>"), InlineData("/A<</S/#4Aava#53cript>>")]
    [InlineData("/A << /S /Launch /F (cmd.exe) >>"), InlineData("/A << /S /SubmitForm /F (https://example.org) >>"), InlineData("/A << /S /ImportData >>"), InlineData("/A << /S /GoToR /F (\\\\\\\\example.org\\\\x) >>"), InlineData("/A << /S /GoToE >>")]
    [InlineData("/A << /S /Rendition >>"), InlineData("/A << /S /Movie >>"), InlineData("/A << /S /Sound >>"), InlineData("/A << /S /GoTo3DView >>"), InlineData("/A << /S /RichMediaExecute >>")]
    [InlineData("/Names << /JavaScript 5 0 R >>"), InlineData("/Names << /JavaScript << /Names [(a) 5 0 R] >> >>"), InlineData("/Names << /EmbeddedFiles << /Kids [5 0 R] >> >>"), InlineData("/AcroForm << /XFA [(a) 5 0 R] >>")]
    [InlineData("/X << /Type /Filespec /EF << /F 5 0 R >> >>"), InlineData("/Annots [<< /Subtype /FileAttachment >>]"), InlineData("/Annots [<< /Subtype /RichMedia >>]"), InlineData("/Annots [<< /Subtype /3D >>]"), InlineData("/X << /OnInstantiate 5 0 R >>")]
    [InlineData("/A << /S /URI /URI (javascript:app.alert\\(1\\)) >>"), InlineData("/A << /S /URI /URI (\\152avascript:x) >>"), InlineData("/A << /URI <FEFF006A006100760061007300630072006900700074003A> >>")]
    [InlineData("/Title (an unbalanced \\( here) /AA << /O 5 0 R >>"), InlineData("/Title (stream\nof life) /AA << /O 5 0 R >>"), InlineData("% ( stream\n/AA << /O 5 0 R >>")]
    public void What_acts_is_flagged_wherever_it_hangs(string catalog)
    {
        var pdf = PdfMaker.WithPage(catalog).Object(5, "<< /S /URI /URI (https://example.org) >>").Object(6, "<< /S /GoTo /D (a) /Next 5 0 R >>")
            .Object(7, "8 0 R").Object(8, "<< /S /GoTo /D (a) /Next [5 0 R] >>").Object(9, "/URI").Object(10, "/JavaScript").Object(11, "10 0 R").Object(12, "/FileAttachment").End();
        Assert.Equal(ContentVerdict.WithActiveContent, Check(pdf));
    }

    [Theory, MemberData(nameof(Packings))]
    public void Packed_objects_are_looked_into_however_they_are_packed(string filters, string packing)
    {
        byte[] Pdf(string value) => PdfMaker.WithPage().Object(7, "[null << /Predictor 12 /Columns 5 >>]").Object(8, "/FlateDecode")
            .Packed(4, filters, content => Pack(content, packing), (5, "<< /Type /Font >>"), (6, value)).End();
        Assert.Equal(ContentVerdict.Sound, Check(Pdf("<< /Title (/JavaScript) >>")));
        Assert.Equal(ContentVerdict.WithActiveContent, Check(Pdf(Script)));
    }

    [Theory]
    [InlineData(""), InlineData("/Type /#4fbjStm"), InlineData("/Type 9 0 R"), InlineData("/Type /XObject"), InlineData("/Extends 4 0 R")]
    public void Packed_objects_are_found_whatever_their_stream_says_that_it_is(string type)
    {
        byte[] Pdf(string value) => PdfMaker.WithPage().Object(9, "/ObjStm").Packed(4, type, "/Filter /FlateDecode", PdfMaker.Flate, (6, value)).End();
        Assert.Equal(ContentVerdict.Sound, Check(Pdf("<< /Type /Font >>")));
        Assert.Equal(ContentVerdict.WithActiveContent, Check(Pdf(Script)));
    }

    [Theory]
    [InlineData("/Filter /JBIG2Decode"), InlineData("/Filter /Unknown"), InlineData("/Filter 99 0 R"), InlineData("/Filter /FlateDecode /Filter /AHx"), InlineData("/Filter /FlateDecode /DecodeParms << /Predictor 99 >>"), InlineData("/Filter [/FlateDecode 5]")]
    public void Packed_objects_that_cannot_be_looked_into_are_flagged(string filters) =>
        Assert.Equal(ContentVerdict.WithActiveContent, Check(PdfMaker.WithPage().Packed(4, filters, PdfMaker.Flate, (6, "<< /Type /Font >>")).End()));

    [Fact]
    public void A_preset_dictionary_is_flagged_and_is_no_failure_of_the_store()
    {
        Assert.Equal(0, 0x78BB % 31);
        byte[] Pdf(byte[] begin) => PdfMaker.WithPage().Packed(4, "/Filter /FlateDecode", content => [.. begin, .. PdfMaker.Flate(content)[2..]], (6, "1")).End();
        Assert.Equal(ContentVerdict.Sound, Check(Pdf([0x78, 0x9C])));
        Assert.Equal(ContentVerdict.WithActiveContent, Check(Pdf([0x78, 0xBB])));
        Assert.Equal(ContentVerdict.WithActiveContent, Check(Pdf([0x78, 0xBB, 0x2D, 0xC9, 0x05, 0xB5])));
    }

    [Fact]
    public void Names_in_the_data_of_a_stream_are_data()
    {
        var words = Encoding.ASCII.GetBytes("BT (/JavaScript /Launch) Tj ET << /S /JavaScript /JS (x) >> /Encrypt 9 0 R endobj");
        Assert.Equal(ContentVerdict.Sound, Check(PdfMaker.WithPage().Stream(4, "", words).End()));
        // The end of the data is where its length says.
        Assert.Equal(ContentVerdict.Sound, Check(PdfMaker.WithPage().Stream(4, "", Encoding.ASCII.GetBytes($"endstream endobj 7 0 obj {Script} endobj")).End()));
    }

    [Fact]
    public void An_action_is_found_where_only_the_cross_reference_knows_it()
    {
        // In the data of a stream, in a comment, in a string.
        Assert.Equal(ContentVerdict.WithActiveContent, Check(PdfMaker.WithPage().Claim(7, "4 0 obj\n<<  /Length 99 >>\nstream\n".Length + 5)
            .Stream(4, "", Encoding.ASCII.GetBytes($"     7 0 obj {Script} endobj".PadRight(99))).End()));
        Assert.Equal(ContentVerdict.WithActiveContent, Check(PdfMaker.WithPage().Text("% ").Claim(7).Text($"7 0 obj {Script} endobj\n").End()));
        Assert.Equal(ContentVerdict.WithActiveContent, Check(PdfMaker.WithPage().Text("4 0 obj (").Claim(7).Text($"7 0 obj << /S /Launch >> endobj) endobj\n").End()));
        // Where it names nothing, there is nothing.
        Assert.Equal(ContentVerdict.Sound, Check(PdfMaker.WithPage().Text($"% 7 0 obj {Script} endobj\n").End()));
    }

    [Theory]
    [InlineData("%"), InlineData("4 0 obj ("), InlineData("4 0 obj << /Length 40 >> stream\n")]
    public void In_a_file_that_viewers_rebuild_whatever_looks_like_an_object_is_one(string before)
    {
        byte[] Pdf(string value) => Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(
            PdfMaker.WithPage().Text($"{before} 7 0 obj {value} endobj\n) endstream endobj\n").End()).Replace("startxref\n", "startxref\n9", StringComparison.Ordinal));
        Assert.Equal(ContentVerdict.Sound, Check(Pdf("<< /Type /Font >>")));
        Assert.Equal(ContentVerdict.WithActiveContent, Check(Pdf("<< /S /Launch >>")));
    }

    [Fact]
    public void An_earlier_revision_counts_and_so_does_what_follows_the_end()
    {
        var pdf = PdfMaker.WithPage().End();
        Assert.Equal(ContentVerdict.Sound, Check([.. pdf, .. "7 0 obj << /Type /Font >> endobj\n"u8]));
        Assert.Equal(ContentVerdict.WithActiveContent, Check([.. pdf, .. Encoding.ASCII.GetBytes($"7 0 obj {Script} endobj\n")]));
    }

    [Fact]
    public void Objects_run_together_are_told_apart() =>
        Assert.Equal(ContentVerdict.WithActiveContent, Check(Encoding.ASCII.GetBytes("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj2 0 obj<</S/Launch>>endobj trailer<</Root 1 0 R>>startxref\n0\n%%EOF")));

    [Theory]
    [InlineData("7.0 0. obj << /S /Launch >> endobj"), InlineData("trailer << /Root << /OpenAction << /S /Launch >> >> >>"), InlineData("7 %\n 0 %\nobj << /S /Launch >> endobj")]
    [InlineData("7 0 obj << /F (other.pdf) /Length 0 >> stream\nendstream endobj"), InlineData("7 0 obj << /Subtype /Form /Ref << /F (other.pdf) >> /Length 0 >> stream\nendstream endobj")]
    public void Odd_objects_are_objects_too(string value)
    {
        Assert.Equal(ContentVerdict.WithActiveContent, Check(PdfMaker.WithPage().Text(value + "\n").End()));
        Assert.Equal(ContentVerdict.WithActiveContent, Check(PdfMaker.WithPage().Text("% ").Claim(7).Text(value + "\n").End()));
    }

    [Fact]
    public void Lengths_may_stand_in_objects_of_their_own()
    {
        byte[] Pdf(string value)
        {
            var content = Encoding.ASCII.GetBytes("6 0 (endstream) " + value);
            return PdfMaker.WithPage().Object(8, content.Length.ToString(CultureInfo.InvariantCulture)).Claim(4)
                .Text($"4 0 obj << /Type /ObjStm /N 1 /First 16 /Length 8 0 R >>\nstream\n{Encoding.ASCII.GetString(content)}\nendstream\nendobj\n").End();
        }
        Assert.Equal(ContentVerdict.Sound, Check(Pdf("<< /Type /Font >>")));
        Assert.Equal(ContentVerdict.WithActiveContent, Check(Pdf(Script)));
    }

    [Theory]
    [InlineData(0, null), InlineData(3000, null), InlineData(65_536, null), InlineData(70_000, FileProblem.Damaged)]
    public void Up_to_64_KB_may_follow_the_end(int bytes, FileProblem? problem)
    {
        foreach (var letter in "\0 x\n")
            Assert.Equal(new(problem, false), Check([.. PdfMaker.WithPage().End(), .. Enumerable.Repeat((byte)letter, bytes)]));
    }

    [Fact]
    public void A_pdf_that_ends_in_the_middle_could_not_be_read() =>
        Assert.Equal(FileProblem.Damaged, Check(SampleFiles.Pdf(100_000)[..50_000]).Problem);

    [Fact]
    public void Brackets_that_never_close_and_circles_end()
    {
        foreach (var endless in (string[])["[", "<<", "<</A", "(", "<", "[<<", "1 0 obj", "1 0 obj<</Length 9>>stream\n", "/A", "%", "{", "]", ">>"])
        {
            var text = new StringBuilder("%PDF-1.4\n1 0 obj ").Insert(17, endless, 50_000).Append("\nstartxref\n0\n%%EOF");
            Assert.NotEqual(FileProblem.WrongType, Check(Encoding.ASCII.GetBytes(text.ToString())).Problem);
        }
        var circle = PdfMaker.WithPage("/OpenAction 5 0 R").Object(5, "6 0 R").Object(6, "5 0 R").End("/Prev 9");
        Assert.Null(Check(circle).Problem);
    }

    private static byte[] Pack(byte[] content, string packing) => packing.Split(' ').Aggregate(content, (packed, step) => step switch
    {
        "flate" => PdfMaker.Flate(packed),
        "hex" => PdfMaker.Hex(packed),
        "85" => PdfMaker.Ascii85(packed),
        "lzw" => PdfMaker.Lzw(packed),
        "runs" => PdfMaker.Runs(packed),
        "up" => PdfMaker.Predicted(packed, 5),
        _ => packed,
    });

    private static ContentVerdict Check(byte[] file) => ContentCheck.Check(new MemoryStream(file), FileKind.Pdf);
}
