using System.Text;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Tests.Infrastructure.Files;

public class FileKindTests
{
    private static readonly (string Extension, FileKind Kind)[] Types =
    [
        (".jpg", FileKind.Jpeg), (".jpeg", FileKind.Jpeg), (".gif", FileKind.Gif), (".png", FileKind.Png),
        (".pdf", FileKind.Pdf), (".doc", FileKind.Doc), (".docx", FileKind.Docx),
    ];

    public static TheoryData<string, FileKind, bool> EveryNameWithEveryContent()
    {
        var data = new TheoryData<string, FileKind, bool>();
        foreach (var (extension, kind) in Types)
            foreach (var content in Enum.GetValues<FileKind>()) data.Add(extension, content, kind == content);
        return data;
    }

    [Theory, MemberData(nameof(EveryNameWithEveryContent))]
    public void A_file_is_of_a_kind_only_when_its_name_and_its_content_agree(string extension, FileKind content, bool agrees)
    {
        var file = SampleFiles.Of(content);
        foreach (var name in (string[])["photo" + extension, "photo" + extension.ToUpperInvariant()])
        {
            var found = FileRecognition.Recognise(name, Head(file));
            var sound = found.Problem is null && ContentCheck.Check(new MemoryStream(file), found.Kind).Problem is null;
            Assert.Equal(agrees, sound);
            Assert.Equal(name, found.Name);
            if (agrees) Assert.Equal(content, found.Kind);
            // Word's older files are how it encrypts the newer ones: that is looked into.
            else if ((extension, content) is not (".docx", FileKind.Doc)) Assert.Equal(FileProblem.WrongName, found.Problem);
        }
    }

    [Theory]
    [InlineData("1000012345", "1000012345"), InlineData("image%3A1641", "image%3A1641"), InlineData("photo", "photo"), InlineData("jpg", "jpg"),
        InlineData("IMG 2024.01.15", "IMG 2024.01.15"), InlineData("photo.jpg (1)", "photo.jpg (1)"), InlineData("Фото.лето", "Фото.лето"), InlineData("from Dr.Robinson", "from Dr.Robinson"),
        InlineData("IMG_1234.HEIC", "IMG_1234"), InlineData("IMG_1234.heif", "IMG_1234")]
    public void A_name_without_an_extension_or_with_an_iphone_s_gets_the_right_one(string name, string stem)
    {
        foreach (var (kind, extension) in ((FileKind, string)[])[(FileKind.Jpeg, ".jpg"), (FileKind.Gif, ".gif"), (FileKind.Png, ".png"), (FileKind.Pdf, ".pdf"), (FileKind.Doc, ".doc"), (FileKind.Docx, ".docx")])
            Assert.Equal(new(stem + extension, kind), FileRecognition.Recognise(name, Head(SampleFiles.Of(kind))));
    }

    [Theory]
    [InlineData("photo.jpe", "photo.jpg"), InlineData("photo.JFIF", "photo.jpg"), InlineData("photo.pjpeg", "photo.jpg"), InlineData("photo.pjp", "photo.jpg"), InlineData("photo.jif", "photo.jpg"),
        InlineData("photo.JPG", "photo.JPG"), InlineData("photo.Jpeg", "photo.Jpeg"), InlineData("photo.jpg.jpg", "photo.jpg.jpg"), InlineData("photo.png.jfif", "photo.png.jpg")]
    public void A_jpeg_under_another_of_its_names_gets_the_one_that_every_computer_knows(string name, string kept)
    {
        Assert.Equal(new(kept, FileKind.Jpeg), FileRecognition.Recognise(name, SampleFiles.Jpeg()));
        Assert.Equal(FileProblem.WrongName, FileRecognition.Recognise(name, SampleFiles.Png()).Problem);
    }

    [Fact]
    public void A_name_as_long_as_names_can_be_keeps_its_length_and_gets_its_extension()
    {
        var kept = FileRecognition.Recognise(SafeFileName.Of(new string('x', 400)), SampleFiles.Jpeg()).Name;
        Assert.EndsWith("xxx.jpg", kept, StringComparison.Ordinal);
        Assert.True(kept.Length <= 255);
    }

    [Theory]
    [InlineData("photo.jpg.php"), InlineData("photo.docm"), InlineData("photo.webp"), InlineData("photo.bin"), InlineData("photo.mp4"), InlineData("photo.7z")]
    public void Other_extensions_are_refused_whatever_the_content_and_never_as_no_jpg(string name)
    {
        foreach (var kind in (FileKind[])[FileKind.Jpeg, FileKind.Gif, FileKind.Png, FileKind.Pdf])
            Assert.Equal(FileProblem.WrongName, FileRecognition.Recognise(name, Head(SampleFiles.Of(kind))).Problem);
        // They may be a workbook, or a file of any other program.
        Assert.Equal(FileProblem.WrongType, FileRecognition.Recognise(name, Head(SampleFiles.Docx())).Problem);
        Assert.Equal(FileProblem.WrongType, FileRecognition.Recognise(name, Head(SampleFiles.Doc())).Problem);
        Assert.Equal(FileProblem.WrongType, FileRecognition.Recognise(name, "RIFF\0\0\0\0WEBPVP8 "u8).Problem);
    }

    [Theory]
    [InlineData("ftypheic\0\0\0\0mif1heic", true), InlineData("ftypmif1\0\0\0\0mif1heic", true), InlineData("ftypmif1\0\0\0\0mif1miaf", true), InlineData("ftyphevc\0\0\0\0msf1hevc", true), InlineData("ftypheix\0\0\0\0mif1heix", true),
        InlineData("ftypavif\0\0\0\0mif1avif", false), InlineData("ftypmif1\0\0\0\0avifmiaf", false), InlineData("ftypisom\0\0\0\0mp42isom", false)]
    public void An_iphone_s_photo_is_told_by_its_content_under_any_name(string content, bool isHeic)
    {
        byte[] file = [0, 0, 0, 24, .. Encoding.Latin1.GetBytes(content), .. new byte[100]];
        foreach (var (name, problem) in (((string, FileProblem)[])[("a.jpg", FileProblem.Damaged), ("a", FileProblem.WrongType), ("a.mp4", FileProblem.WrongType), ("a.avif", FileProblem.WrongType)]))
            Assert.Equal(isHeic ? FileProblem.Heic : problem, FileRecognition.Recognise(name, file).Problem);
        Assert.Equal(FileProblem.Heic, FileRecognition.Recognise("a.HEIC", file).Problem);
    }

    [Fact]
    public void A_file_with_stray_bytes_behind_a_jpeg_s_first_two_is_one() =>
        Assert.Equal(new("a.jpg", FileKind.Jpeg), FileRecognition.Recognise("a.jpg", [0xFF, 0xD8, 0, 0, 0xFF, 0xE0]));

    [Fact]
    public void A_pdf_may_begin_with_blank_space_but_with_nothing_else()
    {
        Assert.Equal(new("a.pdf", FileKind.Pdf), FileRecognition.Recognise("a.pdf", "\uFEFF \r\n%PDF-1.4"u8));
        Assert.Equal(FileProblem.Damaged, FileRecognition.Recognise("a.pdf", "MZ%PDF-1.4"u8).Problem);
        Assert.Equal(FileProblem.Damaged, FileRecognition.Recognise("a.pdf", [.. new byte[2000], .. "%PDF-1.4"u8]).Problem);
    }

    [Theory, InlineData(FileKind.Jpeg, "image/jpeg", true), InlineData(FileKind.Pdf, "application/pdf", false), InlineData(FileKind.Doc, "application/msword", false)]
    public void A_kind_knows_its_media_type(FileKind kind, string mediaType, bool isImage)
    {
        Assert.Equal(mediaType, kind.MediaType());
        Assert.Equal(isImage, kind.IsImage());
    }

    [Fact]
    public void The_published_list_is_the_nhs_list() =>
        Assert.Equal(Types.Select(type => type.Extension), FileKinds.Extensions);

    [Fact]
    public void Phones_pickers_offer_what_we_take_by_name_and_by_media_type() =>
        Assert.Equal(
            ".jpg,.jpeg,.gif,.png,.pdf,.doc,.docx,.jpe,.jfif,.jif,.pjpeg,.pjp,image/jpg,image/jpeg,image/gif,image/png,application/pdf,application/msword,"
            + "application/vnd.openxmlformats-officedocument.wordprocessingml.document", FileKinds.Accept);

    [Theory]
    [InlineData(FileProblem.Empty, "The selected file is empty")]
    [InlineData(FileProblem.TooLarge, "The selected file must be smaller than 7MB")]
    [InlineData(FileProblem.WrongType, "The selected file must be a JPG, JPEG, GIF, PNG, PDF, DOC or DOCX")]
    [InlineData(FileProblem.WrongName, "The selected file is not what its name says – save it again as a JPG or PDF, or take a photo of it")]
    [InlineData(FileProblem.Heic, "The selected file is a HEIC photo, which we cannot show – take a screenshot of the photo and send that, or share the photo as a JPG")]
    [InlineData(FileProblem.Damaged, "The selected file could not be read – try saving it again, or take a photo of it")]
    [InlineData(FileProblem.TooManyPixels, "The selected photo is too large to open – take a screenshot of the photo and send that, or take it again at a lower resolution")]
    [InlineData(FileProblem.Macros, "The selected file contains macros – save it as a PDF and send that, or take a photo of it")]
    [InlineData(FileProblem.UnwantedPart, "The selected file has something inside it that we cannot take – save it as a PDF and send that, or take a photo of it")]
    [InlineData(FileProblem.PasswordProtected, "The selected file is password protected")]
    [InlineData(FileProblem.Virus, "The selected file contains a virus")]
    [InlineData(FileProblem.CouldNotBeUploaded, "The selected file could not be uploaded – try again")]
    public void A_problem_is_told_in_the_words_of_the_nhs(FileProblem problem, string words) => Assert.Equal(words, FileProblems.Message(problem));

    private static ReadOnlySpan<byte> Head(byte[] file) => file.AsSpan(0, Math.Min(file.Length, FileKinds.HeadBytes));

    [Fact]
    public void Too_many_files_are_told_in_the_words_of_the_nhs() =>
        Assert.Equal("You can only select up to 5 files at the same time", FileProblems.TooMany);
}
