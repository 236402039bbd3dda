using PatientResponse.Infrastructure.Files;

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
            var kind = FileKinds.Detect(name, file.AsSpan(0, Math.Min(file.Length, FileKinds.HeadBytes)));
            var sound = kind is { } found && ContentCheck.Check(new MemoryStream(file), found).Problem is null;
            Assert.Equal(agrees, sound);
            if (agrees) Assert.Equal(content, kind);
        }
    }

    [Theory]
    [InlineData("photo.jpg.php"), InlineData("photo"), InlineData("photo."), InlineData("jpg"), InlineData("photo.jpe"), InlineData("photo.docm"), InlineData("photo.heic")]
    public void Other_extensions_are_refused_whatever_the_content(string name) =>
        Assert.All(Enum.GetValues<FileKind>(), content => Assert.Null(FileKinds.Detect(name, SampleFiles.Of(content))));

    [Fact]
    public void A_pdf_may_begin_with_blank_space_but_with_nothing_else()
    {
        Assert.Equal(FileKind.Pdf, FileKinds.Detect("a.pdf", "\uFEFF \r\n%PDF-1.4"u8));
        Assert.Null(FileKinds.Detect("a.pdf", "MZ%PDF-1.4"u8));
        Assert.Null(FileKinds.Detect("a.pdf", [.. new byte[2000], .. "%PDF-1.4"u8]));
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

    [Theory]
    [InlineData(FileProblem.Empty, "The selected file is empty")]
    [InlineData(FileProblem.TooLarge, "The selected file must be smaller than 7MB")]
    [InlineData(FileProblem.WrongType, "The selected file must be a JPG, JPEG, GIF, PNG, PDF, DOC or DOCX")]
    [InlineData(FileProblem.Heic, "The selected file is a HEIC photo, which we cannot show – take a screenshot of the photo and send that, or share the photo as a JPG")]
    [InlineData(FileProblem.Damaged, "The selected file could not be read – try saving it again, or take a photo of it")]
    [InlineData(FileProblem.TooManyPixels, "The selected photo is too large to open – take a screenshot of the photo and send that, or take it again at a lower resolution")]
    [InlineData(FileProblem.Macros, "The selected file contains macros – save it as a PDF and send that, or take a photo of it")]
    [InlineData(FileProblem.UnwantedPart, "The selected file has something inside it that we cannot take – save it as a PDF and send that, or take a photo of it")]
    [InlineData(FileProblem.PasswordProtected, "The selected file is password protected")]
    [InlineData(FileProblem.Virus, "The selected file contains a virus")]
    [InlineData(FileProblem.CouldNotBeUploaded, "The selected file could not be uploaded – try again")]
    public void A_problem_is_told_in_the_words_of_the_nhs(FileProblem problem, string words) => Assert.Equal(words, FileProblems.Message(problem));

    [Fact]
    public void Too_many_files_are_told_in_the_words_of_the_nhs() =>
        Assert.Equal("You can only select up to 5 files at the same time", FileProblems.TooMany);
}
