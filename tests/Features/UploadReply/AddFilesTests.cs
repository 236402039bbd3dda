using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.UploadReply;

public sealed class AddFilesTests : ReplyDraftTest
{
    [Fact]
    public async Task A_file_goes_by_itself_and_is_sent_with_the_words_later()
    {
        var pat = await OpenAsync();
        await pat.SavesAsync("My arm is better", 1);

        var part = await pat.AddsAsync("arm.jpg", SampleFiles.Jpeg(), 2);

        Assert.Equal(HttpStatusCode.OK, part.Status);
        Assert.Equal(["arm.jpg"], Attached(part));
        Assert.Equal("4", part.Html.QuerySelector("#attached")!.GetAttribute("data-room"));
        Assert.Contains("Up to 4 files", part.Text);
        Assert.Equal("", part.Heading);
        var page = await ReloadAsync(pat);
        Assert.Equal("My arm is better", Text(page));
        Assert.Equal(["arm.jpg"], Attached(page));
        Assert.Equal("Answer sent", (await pat.AnswersAsync("My arm is better")).Heading);
        var reply = (await Asked.Alice.GetAsync(Asked.Conversation)).Text;
        Assert.Contains("My arm is better", reply, StringComparison.Ordinal);
        Assert.Contains("arm.jpg", reply, StringComparison.Ordinal);
        Assert.Single(StoredFiles());
    }

    public static TheoryData<string, byte[]> BadFiles { get; } = new()
    {
        { "huge.jpg", SampleFiles.Jpeg(7_340_033) },
        { "nothing.pdf", [] },
        { "film.mov", [1, 2, 3] },
        { "notes.docx", SampleFiles.Pdf() },
    };

    [Theory, MemberData(nameof(BadFiles), DisableDiscoveryEnumeration = true)]
    public async Task A_file_is_refused_in_the_words_of_the_plain_form_and_what_was_there_is_kept(string name, byte[] bytes)
    {
        var pat = await OpenAsync();
        await pat.SavesAsync("My words", 1);
        await pat.AddsAsync("arm.jpg", SampleFiles.Jpeg());

        var part = await pat.AddsAsync(name, bytes);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, part.Status);
        Assert.Equal(["arm.jpg"], Attached(part));
        var page = await pat.AnswersAsync("My words", (name, bytes));
        Assert.Equal(Error(page), Error(part));
        Assert.StartsWith($"Error: {name}: The selected file ", Error(part), StringComparison.Ordinal);
        Assert.Equal(["arm.jpg"], Attached(page));
        Assert.Equal("My words", Text(page));
        Assert.Single(StoredFiles());
    }

    [Fact]
    public async Task A_sixth_file_is_refused_in_the_words_of_the_plain_form()
    {
        var pat = await OpenAsync();
        for (var i = 1; i <= 5; i++)
            await pat.AddsAsync($"{i}.jpg", SampleFiles.Jpeg());

        var part = await pat.AddsAsync("6.jpg", SampleFiles.Jpeg());

        Assert.Equal("Error: 6.jpg: You can only select up to 5 files at the same time", Error(part));
        Assert.Equal("0", part.Html.QuerySelector("#attached")!.GetAttribute("data-room"));
        Assert.Equal(Error(part), Error(await pat.AnswersAsync("", ("6.jpg", SampleFiles.Jpeg()))));
        Assert.Equal(5, StoredFiles().Length);
    }

    [Fact]
    public async Task The_same_file_that_comes_again_because_the_answer_got_lost_is_attached_once()
    {
        var pat = await OpenAsync();
        await pat.AddsAsync("image.jpg", SampleFiles.Jpeg());

        var part = await pat.AddsAsync("image.jpg", SampleFiles.Jpeg());

        Assert.Equal(HttpStatusCode.OK, part.Status);
        Assert.Equal(["image.jpg"], Attached(part));
        Assert.Single(StoredFiles());
        // A phone gives all its photos the same name.
        Assert.Equal(["image.jpg", "image.jpg"], Attached(await pat.AddsAsync("image.jpg", SampleFiles.Jpeg(2_000))));
    }

    [Fact]
    public async Task Two_tabs_that_add_at_once_have_room_for_five_together()
    {
        App.Replace = Held.Use;
        var pat = await OpenAsync();
        for (var i = 1; i <= 4; i++)
            await pat.AddsAsync($"{i}.jpg", SampleFiles.Jpeg());
        Held.HoldNext(statement => statement.Parameters.Values.Contains(nameof(ReplyDraft)));

        var first = Task.Run(() => pat.AddsAsync("first.jpg", SampleFiles.Jpeg()));
        await Held.Reached;
        var second = await pat.AddsAsync("second.jpg", SampleFiles.Jpeg());
        Held.Release();

        Assert.Equal(["1.jpg", "2.jpg", "3.jpg", "4.jpg", "second.jpg"], Attached(second));
        Assert.Equal("Error: first.jpg: You can only select up to 5 files at the same time", Error(await first));
        Assert.Equal(5, StoredFiles().Length);
    }

    [Fact]
    public async Task A_file_and_words_that_arrive_at_once_lose_neither()
    {
        App.Replace = Held.Use;
        var pat = await OpenAsync();
        Held.HoldNext(statement => statement.Parameters.Values.Contains(nameof(ReplyDraft)));

        var adding = Task.Run(() => pat.AddsAsync("arm.jpg", SampleFiles.Jpeg()));
        await Held.Reached;
        Assert.Equal(HttpStatusCode.OK, (await pat.SavesAsync("Typed meanwhile", 5)).Status);
        Held.Release();
        await adding;

        var page = await ReloadAsync(pat);
        Assert.Equal("Typed meanwhile", Text(page));
        Assert.Equal(["arm.jpg"], Attached(page));
    }

    [Fact]
    public async Task A_file_is_removed_without_leaving_the_page()
    {
        var pat = await OpenAsync();
        await pat.SavesAsync("My words", 1);
        await pat.AddsAsync("one.jpg", SampleFiles.Jpeg());
        var part = await pat.AddsAsync("two.png", SampleFiles.Png());

        part = await pat.RemovesAsync(part.Html.QuerySelector("button[value^='remove:']")!.GetAttribute("value")!);

        Assert.Equal(["two.png"], Attached(part));
        Assert.Equal("My words", Text(await ReloadAsync(pat)));
        Assert.Single(StoredFiles());
    }

    [Fact]
    public async Task Nothing_is_sent_and_no_word_is_changed_by_what_adds_files()
    {
        var pat = await OpenAsync();
        await pat.SavesAsync("My words", 5);
        var request = pat.FileSubmission("#reply", [("arm.jpg", SampleFiles.Jpeg())], ("action", "send"), ("text", "Other words"), ("typed", "9"));

        var part = await pat.PostsAsync(request, "/files");

        Assert.Equal(["arm.jpg"], Attached(part));
        Assert.Equal("My words", Text(await ReloadAsync(pat)));
    }

    [Fact]
    public async Task A_file_that_comes_after_Pat_deleted_everything_stays_away()
    {
        var pat = await OpenAsync();
        await pat.AddsAsync("first.jpg", SampleFiles.Jpeg(), typed: 5);
        await DeletesAsync(pat, typed: 10);

        var part = await pat.AddsAsync("late.jpg", SampleFiles.Jpeg(), typed: 7);

        Assert.Empty(Attached(part));
        Assert.Empty(StoredFiles());
        Assert.Equal(0, await DraftsAsync());
        Assert.Equal(["new.jpg"], Attached(await pat.AddsAsync("new.jpg", SampleFiles.Jpeg(), typed: 11)));
    }

    [Fact]
    public async Task A_file_that_comes_after_the_answer_was_sent_or_the_request_cancelled_is_not_kept()
    {
        var pat = await OpenAsync();
        var late = pat.FileSubmission("#reply", [("late.jpg", SampleFiles.Jpeg())]);
        await pat.AnswersAsync("Better");
        Assert.Equal(HttpStatusCode.Gone, (await pat.PostsAsync(late, "/files")).Status);

        pat = await OpenAsync();
        await pat.AddsAsync("early.jpg", SampleFiles.Jpeg());
        await CancelAsync();
        Assert.Equal(HttpStatusCode.Gone, (await pat.AddsAsync("late.jpg", SampleFiles.Jpeg())).Status);

        Assert.Empty(StoredFiles());
        Assert.Equal(0, await DraftsAsync());
    }

    [Fact]
    public async Task A_file_with_a_stale_form_or_without_a_session_is_not_kept()
    {
        var pat = await OpenAsync();
        var stale = pat.FileSubmission("#reply", [("arm.jpg", SampleFiles.Jpeg())], ("__RequestVerificationToken", "stale"));
        Assert.Equal(HttpStatusCode.BadRequest, (await pat.PostsAsync(stale, "/files")).Status);

        App.Time.Advance(PatientSessions.Idle);
        Assert.Equal(HttpStatusCode.Forbidden, (await pat.AddsAsync("arm.jpg", SampleFiles.Jpeg())).Status);
        var stranger = pat.FileSubmission("#reply", [("arm.jpg", SampleFiles.Jpeg())]);
        Assert.Equal(HttpStatusCode.Forbidden, (await App.NewBrowser().PostsAsync(stranger, "/files")).Status);

        Assert.Empty(StoredFiles());
        Assert.Equal(0, await DraftsAsync());
    }

    [Fact]
    public async Task A_form_that_ends_too_early_or_never_is_no_outage_and_shows_the_words_back()
    {
        var pat = await OpenAsync();
        var whole = await pat.FileSubmission("#reply", [("arm.jpg", SampleFiles.Jpeg())], ("text", "My arm is better")).Content!.ReadAsByteArrayAsync();
        var boundary = System.Text.Encoding.ASCII.GetString(whole, 2, Array.IndexOf(whole, (byte)'\r') - 2);

        var page = await PostAsync(pat, whole[..^(boundary.Length + 100)], boundary);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("My arm is better", page.Text, StringComparison.Ordinal);
        var fields = string.Concat(Enumerable.Repeat($"--{boundary}\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\r\n", 51));
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(pat, [.. System.Text.Encoding.ASCII.GetBytes(fields), .. whole], boundary)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(App.NewBrowser(), [], boundary)).Status);

        Assert.Empty(StoredFiles());

        Task<TestPage> PostAsync(TestBrowser browser, byte[] body, string boundary)
        {
            var content = new ByteArrayContent(body);
            content.Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={boundary}");
            return browser.OpenAsync(new(HttpMethod.Post, pat.Page.Address) { Content = content });
        }
    }

    [Fact]
    public async Task Who_waits_for_a_store_that_went_away_does_not_wait_for_each_file_again()
    {
        using var store = new LeavingStore();
        App.Replace = services => services.Replace(ServiceDescriptor.Singleton<IFileStore>(store));
        var pat = await OpenAsync();

        var page = await pat.AnswersAsync("My words", [.. Enumerable.Range(1, 5).Select(i => ($"{i}.pdf", SampleFiles.Pdf(1_000 + i)))]);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.Status);
        Assert.Contains("My words", page.Text, StringComparison.Ordinal);
        // The half of the fifth that it may have, and the first of the four that it has.
        Assert.Equal(2, store.Refused);
    }

    /// <summary>Takes four files and is away then.</summary>
    private sealed class LeavingStore : IFileStore, IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("patient-response-");
        private int _taken;

        public int Refused { get; private set; }

        private FolderFileStore Real => new(_folder.FullName, TimeProvider.System);

        public Task WriteAsync(string name, Stream content, CancellationToken cancellation = default) =>
            _taken++ < 4 ? Real.WriteAsync(name, content, cancellation) : throw new FileStoreUnavailableException(new IOException());

        public Task<Stream> OpenReadAsync(string name, CancellationToken cancellation = default) => Real.OpenReadAsync(name, cancellation);

        public Task DeleteAsync(string name, CancellationToken cancellation = default)
        {
            if (_taken <= 4)
                return Real.DeleteAsync(name, cancellation);
            Refused++;
            throw new FileStoreUnavailableException(new IOException());
        }

        public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellation = default) => Real.ListAsync(prefix, cancellation);

        public void Dispose() => _folder.Delete(recursive: true);
    }

    private static string Error(TestPage page) =>
        string.Join(' ', page.Html.QuerySelector("#files-error")!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
