using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PatientResponse.Features.UploadReply;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Scan;
using PatientResponse.Infrastructure.Telemetry;

namespace PatientResponse.Tests.Fuzzing.Reading;

/// <summary>The form that a patient's browser sends, read as it arrives.</summary>
internal static class Replies
{
    private const string Type = "multipart/form-data; boundary=b";
    private static readonly Guid Conversation = new(1, 2, 3, new byte[8]);
    private static readonly Measures Nobody = new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());

    public static IReadOnlyList<Reader> All { get; } =
    [
        new("reply-form", Check, Samples, "\r\n--b\r\n", "\r\n--b--\r\n", "Content-Disposition: form-data; name=\"text\"\r\n\r\n", "; filename=\"a.jpg\"", "; filename*=UTF-8''a%2Ejpg", "Content-Type: image/jpeg\r\n",
            "\"__RequestVerificationToken\"", "\"files\"", "\"typed\"", "\"action\"", "\"proxy\"", "\"proxyName\"", "\"proxyRelationship\"", "remove:", "language:", "delete", "send", "\xFF\xD8\xFF"),
    ];

    private static void Check(byte[] body)
    {
        var store = new MemoryStore();
        using var reader = new ReplyFormReader(new TrustingAntiforgery(), new FileIntake(store, new ContentChecksOnly(), TimeProvider.System, Nobody), new FilesInFlight());
        var context = new DefaultHttpContext { Request = { ContentType = Type, Body = new DribblingStream(body) } };
        try
        {
            var reply = reader.ReadAsync(context, Conversation, new byte[32], new Room(3, 25, "No room"), [], default).GetAwaiter().GetResult();
            Promise.That(reply.Files.Count <= 3, "No more files are taken than there is room for.");
            Promise.That(reply.Files.Count == 0 || reply.IsFromOurForm, "Only our own form stores files.");
            Promise.That(reply.Files.Select(file => file.Name).Concat(reply.Refused.Select(file => file.Name)).All(name => SafeFileName.Of(name) == name), "A file's name is safe.");
            Promise.That(!reply.Text.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\t')), "Words hold no control characters.");
            Promise.That(reply.Action is "send" or "keep" or "delete" || reply.Action.StartsWith("remove:", StringComparison.Ordinal) || reply.Action.StartsWith("language:", StringComparison.Ordinal), "An action is one of ours.");
        }
        catch (BadHttpRequestException)
        {
            // A form that cannot be read to its end.
        }
        Promise.That(store.Names.Order().SequenceEqual(reader.Staged.Select(file => BlobName.Of(Conversation, file.Id)).Order()), "Nothing is left in the store but what was taken.");
    }

    private static IEnumerable<byte[]> Samples() =>
    [
        Form(Field("__RequestVerificationToken", "t"), Field("text", "My arm is better"), Field("typed", "1700000000000"), Field("action", "send")),
        Form(Field("__RequestVerificationToken", "t"), Field("text", "Hello\r\n"), Field("proxy", "true"), Field("proxyName", "Sam Smith"), Field("proxyRelationship", "son"), Field("action", "remove:1")),
        Form(Field("__RequestVerificationToken", "t"), File("arm.jpg", PictureSamples.JpegWithExif([]))),
        Form(Field("__RequestVerificationToken", "t"), File("letter.pdf", PdfSamples.Whole().First()), File("notes.docx", [.. "PK\u0003\u0004"u8])),
        Form(File("arm.jpg", [0xFF, 0xD8, 0xFF]), Field("text", "files first")),
        Form(Field("__RequestVerificationToken", "t"), File("letter.pdf", PdfSamples.Whole().First()), Field("__RequestVerificationToken", "stale")),
        Form(Field("__RequestVerificationToken", "t"), Bytes.Of("Content-Disposition: form-data; name=\"files\"; filename*=UTF-7''a%2Ejpg\r\n\r\nx")),
    ];

    private static byte[] Form(params byte[][] parts) => [.. parts.SelectMany(part => (byte[])[.. "--b\r\n"u8, .. part, .. "\r\n"u8]), .. "--b--\r\n"u8];

    private static byte[] Field(string name, string value) => Bytes.Of($"Content-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}");

    private static byte[] File(string name, byte[] content) =>
        [.. Bytes.Of($"Content-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"), .. content];

    private sealed class TrustingAntiforgery : IAntiforgery
    {
        public Task<bool> IsRequestValidAsync(HttpContext httpContext) => Task.FromResult(httpContext.Request.Headers["RequestVerificationToken"] == "t");

        public AntiforgeryTokenSet GetAndStoreTokens(HttpContext httpContext) => throw new NotSupportedException();

        public AntiforgeryTokenSet GetTokens(HttpContext httpContext) => throw new NotSupportedException();

        public void SetCookieTokenAndHeader(HttpContext httpContext) => throw new NotSupportedException();

        public Task ValidateRequestAsync(HttpContext httpContext) => throw new NotSupportedException();
    }
}
