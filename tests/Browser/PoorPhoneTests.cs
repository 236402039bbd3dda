using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Playwright;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace PatientResponse.Tests.Browser;

/// <summary>The answer on a slow phone whose signal comes and goes, with JavaScript.</summary>
public sealed partial class PoorPhoneTests(Chromium chromium) : PageTest(chromium)
{
    /// <summary>In bytes: the page and small things pass, a large file does not.</summary>
    private const int Some = 200 * 1024;

    private static readonly byte[] Small = SampleFiles.Jpeg();
    private static readonly byte[] Large = SampleFiles.Pdf(6 * 1024 * 1024);

    private readonly DirectoryInfo _phone = Directory.CreateTempSubdirectory("phone-");
    private Guid _asked;
    private string _reference = "";

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _phone.Delete(recursive: true);
    }

    [Theory]
    [InlineData("arm.jpg", "arm.jpg"), InlineData("1000012345", "1000012345.jpg")]
    public async Task A_camera_photo_of_12_MB_is_made_smaller_before_it_goes_and_arrives_upright_and_without_its_place(string chosen, string kept)
    {
        await using var signal = new PoorSignal(App.Address);
        var page = await PatAsync(signal.Address);
        var photo = await CameraPhoto.TakeAsync(await page.Context.NewPageAsync());
        Assert.Equal("3000 × 4000, upright", await CameraPhoto.LookAsync(page, photo));
        var onPhone = Path.Combine(_phone.FullName, chosen);
        await File.WriteAllBytesAsync(onPhone, photo);
        await PoorSignal.SlowDownAsync(page, times: 4);
        signal.StandStillAfter(Some);
        await page.EvaluateAsync("""
            () => {
                window.notes = [];
                new MutationObserver(() => notes.push(document.querySelector('#pending').textContent)).observe(document.querySelector('form'), { childList: true, subtree: true, characterData: true });
            }
            """);

        await page.SetInputFilesAsync("#camera", onPhone);
        await Expect(page.Locator("#pending progress")).ToBeVisibleAsync();
        await Expect(page.Locator("#pending")).ToContainTextAsync(OnItsWay(), new() { Timeout = 60_000 });
        signal.MoveOn();
        await Expect(page.Locator("#attached img")).ToHaveAttributeAsync("alt", $"Small picture of {chosen}", new() { Timeout = 60_000 });

        Assert.Contains($"Making {chosen} smaller", await page.EvaluateAsync<string>("notes.join()"));
        await Expect(page.Locator("#status")).ToHaveTextAsync($"{chosen} was added");
        await page.ShouldBeAccessible("reply: photo added");
        await page.AnswerAsync("");
        await page.ShouldSayAsync("Answer sent");
        var file = Assert.Single((await App.ConversationAsync(_asked)).Reply!.Files);
        Assert.Equal(kept, file.Name);
        Assert.InRange(file.Size, 100_000, 7_340_032);
        var sent = await SentAsync(1);
        Assert.Equal("1920 × 2560, upright", await CameraPhoto.LookAsync(page, sent));
        Assert.DoesNotContain("Exif", Encoding.Latin1.GetString(sent), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("camera.jpg", "image/jpeg"), InlineData("1000012345", ""), InlineData("camera.jfif", "image/jpg")]
    public async Task A_photo_of_108_megapixels_is_made_smaller_however_few_bytes_it_has(string name, string type)
    {
        var page = await PatAsync();
        var photo = SampleFiles.PlainJpeg(12_000, 9_000);
        Assert.InRange(photo.Length, 1, 7_340_032);

        await page.SetInputFilesAsync("#files", new FilePayload { Name = name, MimeType = type, Buffer = photo });

        await Expect(page.Locator("#status")).ToHaveTextAsync($"{name} was added", new() { Timeout = 60_000 });
        await Expect(page.Locator("#attached .app-attached__name")).ToHaveTextAsync(name.Split('.')[0] + ".jpg");
        await page.AnswerAsync("");
        await page.ShouldSayAsync("Answer sent");
        Assert.StartsWith("2560 × 1920", await CameraPhoto.LookAsync(page, await SentAsync(1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_screenshot_longer_than_we_take_is_made_shorter_however_narrow_it_is()
    {
        var page = await PatAsync();
        await ChooseAsync(page, ("chat.jpg", SampleFiles.PlainJpeg(100, 40_000)));
        await Expect(page.Locator("#status")).ToHaveTextAsync("chat.jpg was added", new() { Timeout = 60_000 });
        await page.AnswerAsync("");
        await page.ShouldSayAsync("Answer sent");
        Assert.StartsWith("75 × 30000", await CameraPhoto.LookAsync(page, await SentAsync(1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_photo_that_needs_no_change_goes_as_it_is_and_what_we_do_not_take_is_said_without_sending_it()
    {
        var page = await PatAsync();
        await page.EvaluateAsync("""
            () => {
                window.sent = [];
                const send = XMLHttpRequest.prototype.send;
                XMLHttpRequest.prototype.send = function (form) {
                    if (form.has('files')) sent.push(form.get('files').size);
                    send.call(this, form);
                };
            }
            """);

        await ChooseAsync(page, ("film.mp4", new byte[500_000]), ("long.pdf", SampleFiles.Pdf(7_340_033)), ("IMG_1.HEIC", SampleFiles.Heic(3_000_000)), ("photo", Small));

        await Expect(page.Locator("#attached .app-attached__file > .app-attached__name:visible")).ToHaveTextAsync(["photo.jpg"]);
        await Expect(page.Locator("#pending")).ToContainTextAsync("film.mp4: The selected file must be a JPG, JPEG, GIF, PNG, PDF, DOC or DOCX");
        await Expect(page.Locator("#pending")).ToContainTextAsync("long.pdf: The selected file must be smaller than 7MB");
        await Expect(page.Locator("#pending")).ToContainTextAsync("IMG_1.HEIC: The selected file is a HEIC photo, which we cannot show – take a screenshot of the photo and send that, or share the photo as a JPG");
        await page.ShouldBeAccessible("reply: refused on the phone");
        Assert.Equal([1024, Small.Length], await page.EvaluateAsync<int[]>("sent"));
        await page.FillAsync("#text", "In words");
        await page.ClickAsync("text=Send my answer");
        await Expect(page.Locator(".nhsuk-error-summary li")).ToHaveCountAsync(3);
        await page.ClickAsync("text=Send my answer");
        await page.ShouldSayAsync("Answer sent");
        Assert.Equal("photo.jpg", Assert.Single((await App.ConversationAsync(_asked)).Reply!.Files).Name);
        // Without its comment.
        byte[] bare = [.. Small[..20], .. Small[24..]];
        Assert.Equal(bare, await SentAsync(1));
    }

    [Fact]
    public async Task With_a_lost_signal_a_finished_file_is_never_sent_again_an_interrupted_one_starts_again_and_the_answer_goes_by_itself()
    {
        await using var signal = new PoorSignal(App.Address);
        var page = await PatAsync(signal.Address);
        var posts = new List<string>();
        page.Request += (_, request) =>
        {
            if (request.Method == "POST")
                posts.Add(request.Url[(request.Url.LastIndexOf('/') + 1)..]);
        };
        signal.StandStillAfter(Some);

        await ChooseAsync(page, ("first.jpg", Small), ("second.pdf", Large));
        await Expect(page.Locator("#attached .app-attached__name").First).ToContainTextAsync("first.jpg");
        await Expect(page.Locator("#pending")).ToContainTextAsync(OnItsWay());
        await page.ShouldBeAccessible("reply: adding");
        await page.FillAsync("#text", "Here they are");
        await page.ClickAsync("text=Send my answer");
        await Expect(page.Locator("#sending")).ToContainTextAsync("Your files are still being added.");
        await signal.LoseAsync(page);
        await Expect(page.Locator("#status")).ToHaveTextAsync("No signal. We will add second.pdf when it is back");
        await page.ClickAsync("text=Send my answer");
        await Expect(page.Locator("#sending")).ToContainTextAsync("No signal. Your answer goes by itself when it is back.");
        await page.ShouldBeAccessible("reply: no signal");
        await signal.FindAsync(page);

        await page.ShouldSayAsync("Answer sent");
        Assert.Equal(3, posts.Count(path => path == "files"));
        Assert.Equal(1, posts.Count(path => path == _reference));
        var reply = (await App.ConversationAsync(_asked)).Reply!;
        Assert.Equal("Here they are", reply.Text);
        Assert.Equal(["first.jpg", "second.pdf"], reply.Files.Select(file => file.Name));
        Assert.Equal(Large, await SentAsync(2));
    }

    [Fact]
    public async Task The_phone_counts_characters_as_we_keep_them_and_changes_none()
    {
        await using var signal = new PoorSignal(App.Address);
        var page = await PatAsync(signal.Address);
        await page.FillAsync("#text", "Cafe\u0301, bio\u00ADtic\u001F 5\u001E10");
        await Expect(page.Locator("#left")).ToHaveTextAsync("Characters left: 4983");
        await Expect(page.Locator("#saved")).ToHaveTextAsync("Saved");
        Assert.Equal("Cafe\u0301, bio\u00ADtic\u001F 5\u001E10", await page.InputValueAsync("#text"));
        await page.ReloadAsync();
        await Expect(page.Locator("#text")).ToHaveValueAsync("Café, biotic 5-10");
    }

    [Fact]
    public async Task A_reload_keeps_the_words_and_names_the_file_that_has_to_be_chosen_again()
    {
        await using var signal = new PoorSignal(App.Address);
        var page = await PatAsync(signal.Address);
        signal.StandStillAfter(Some);
        await ChooseAsync(page, ("arm.pdf", Large));
        await Expect(page.Locator("#pending")).ToContainTextAsync(OnItsWay());
        await page.Locator("#text").PressSequentiallyAsync("It hurts");

        await page.ReloadAsync();
        signal.MoveOn();

        await Expect(page.Locator("#text")).ToHaveValueAsync("It hurts");
        await Expect(page.Locator("#pending")).ToContainTextAsync("arm.pdf: This file was not added. Choose it again");
        await page.ShouldBeAccessible("reply: file not added");
        await page.ClickAsync("text=Send my answer");
        await Expect(page.Locator(".nhsuk-error-summary")).ToBeFocusedAsync();
        await Expect(page.Locator(".nhsuk-error-summary")).ToContainTextAsync("arm.pdf: This file was not added. Choose it again");
        await page.ClickAsync("#pending >> text=Remove");
        await Expect(page.Locator("#files")).ToBeFocusedAsync();
        await ChooseAsync(page, ("arm.pdf", Large));
        await page.ClickAsync("text=Send my answer");
        await page.ShouldSayAsync("Answer sent");
        Assert.Equal("It hurts", (await App.ConversationAsync(_asked)).Reply!.Text);
    }

    [Fact]
    public async Task Words_and_who_wrote_them_come_back_from_the_phone_when_they_never_reached_us()
    {
        await using var signal = new PoorSignal(App.Address);
        var page = await PatAsync(signal.Address);
        await signal.LoseAsync(page);
        await page.FillAsync("#text", "Mum is better");
        await page.CheckAsync("#proxy");
        await page.FillAsync("#proxyName", "Jo");
        await page.FillAsync("#proxyRelationship", "Daughter");
        await Expect(page.Locator("#saved")).ToContainTextAsync("Not saved yet");
        // A page that was left lives on for a moment and may see the signal come back. Nothing that it sends then gets through.
        await page.EvaluateAsync("() => { navigator.sendBeacon = () => true; XMLHttpRequest.prototype.send = () => {}; }");
        await page.GotoAsync("about:blank");
        await signal.FindAsync(page);

        await page.GotoAsync(new Uri(signal.Address, $"/reply/{_reference}").AbsoluteUri);

        Assert.Equal("", await page.EvalOnSelectorAsync<string>("#text", "field => field.defaultValue"));
        await Expect(page.Locator("#text")).ToHaveValueAsync("Mum is better");
        await Expect(page.Locator("#saved")).ToHaveTextAsync("Saved");
        await page.ClickAsync("text=Send my answer");
        await page.ShouldSayAsync("Answer sent");
        var reply = (await App.ConversationAsync(_asked)).Reply!;
        Assert.Equal(("Mum is better", new PatientResponse.Features.Proxy("Jo", "Daughter")), (reply.Text, reply.Proxy));
    }

    [Fact]
    public async Task A_file_can_be_cancelled_and_removed_and_the_focus_is_never_lost()
    {
        await using var signal = new PoorSignal(App.Address);
        var page = await PatAsync(signal.Address);
        await ChooseAsync(page, ("one.jpg", Small), ("two.png", SampleFiles.Png()));
        await Expect(page.Locator("#attached .app-attached__name")).ToHaveCountAsync(2);
        signal.StandStillAfter(Some);
        await ChooseAsync(page, ("wrong.pdf", Large), ("right.gif", SampleFiles.Gif()));
        await Expect(page.Locator("#pending")).ToContainTextAsync(OnItsWay());

        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel wrong.pdf" }).PressAsync("Enter");
        await Expect(page.Locator("#files")).ToBeFocusedAsync();
        await Expect(page.Locator("#attached .app-attached__name")).ToHaveTextAsync(["one.jpg", "two.png", "right.gif"]);
        signal.MoveOn();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove two.png" }).PressAsync("Enter");
        await Expect(page.Locator("#attached .app-attached__name")).ToHaveTextAsync(["one.jpg", "right.gif"]);
        await Expect(page.Locator("#files")).ToBeFocusedAsync();
        await Expect(page.Locator("#files-hint")).ToContainTextAsync("Up to 3 files");

        await page.ClickAsync("text=Send my answer");
        await page.ShouldSayAsync("Answer sent");
        Assert.Equal(["one.jpg", "right.gif"], (await App.ConversationAsync(_asked)).Reply!.Files.Select(file => file.Name));
    }

    [Fact]
    public async Task A_file_that_is_cancelled_when_all_of_it_has_left_is_removed_as_soon_as_it_has_arrived()
    {
        var held = new HeldSave();
        App.Replace = held.Use;
        var page = await PatAsync();
        held.HoldNext(statement => statement.Parameters.Values.Contains(nameof(ReplyDraft)));
        await ChooseAsync(page, ("wrong.jpg", Small));
        await held.Reached;
        await Expect(page.Locator("#pending")).ToContainTextAsync("100%");

        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel wrong.jpg" }).ClickAsync();
        await Expect(page.Locator("#pending .app-attached__name")).ToHaveCountAsync(0);
        await page.RunAndWaitForResponseAsync(
            () => { held.Release(); return Task.CompletedTask; },
            response => response.Request.PostData?.Contains("remove:", StringComparison.Ordinal) == true);

        await Expect(page.Locator("#attached .app-attached__name")).ToHaveCountAsync(0);
        await page.AnswerAsync("In words, then");
        await page.ShouldSayAsync("Answer sent");
        Assert.Empty((await App.ConversationAsync(_asked)).Reply!.Files);
    }

    [Fact]
    public async Task Words_are_saved_beyond_the_end_of_the_session_and_are_there_again_after_the_date_of_birth()
    {
        var page = await PatAsync();
        App.Time.Advance(PatientSessions.Idle);
        await page.FillAsync("#text", "My arm is better");
        await Expect(page.Locator("#saved")).ToHaveTextAsync("Saved");
        await ChooseAsync(page, ("arm.jpg", Small));
        await page.ShouldShowAsync("What you write on this page cannot be saved any more.");
        await page.ClickAsync("text=Find out why");
        await page.ShouldSayAsync("Open your link again");
        await page.ShouldShowAsync("My arm is better");

        await page.GotoAsync(await LinkOfAsync(_asked));
        await page.GiveDateOfBirthAsync();
        await Expect(page.Locator("#text")).ToHaveValueAsync("My arm is better");
        await ChooseAsync(page, ("arm.jpg", Small));
        await page.ClickAsync("text=Send my answer");
        await page.ShouldSayAsync("Answer sent");
        var reply = (await App.ConversationAsync(_asked)).Reply!;
        Assert.Equal("My arm is better", reply.Text);
        Assert.Equal("arm.jpg", Assert.Single(reply.Files).Name);
    }

    [Fact]
    public async Task A_file_that_cannot_be_stored_is_given_up_in_the_end_in_the_usual_words_and_can_be_tried_again()
    {
        App.Replace = services => services.Replace(ServiceDescriptor.Singleton<IFileStore, PatientPagesTests.AbsentFileStore>());
        var page = await PatAsync();
        await page.Clock.InstallAsync();
        await page.ReloadAsync();

        await ChooseAsync(page, ("arm.jpg", Small));
        for (var tries = 0; tries < 8; tries++)
        {
            if (tries > 0)
                await page.RunAndWaitForRequestFinishedAsync(() => page.Clock.FastForwardAsync("00:31"));
            await Expect(page.Locator("#pending")).ToContainTextAsync(tries < 7 ? "We will add arm.jpg" : "could not be uploaded");
        }

        await Expect(page.Locator("#pending")).ToContainTextAsync("arm.jpg: The selected file could not be uploaded – try again");
        await page.ShouldBeAccessible("reply: file failed");
        await page.FillAsync("#text", "In words, then");
        await page.ClickAsync("text=Send my answer");
        await page.Clock.FastForwardAsync("00:03");
        await Expect(page.Locator(".nhsuk-error-summary")).ToContainTextAsync("arm.jpg: The selected file could not be uploaded");
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again arm.jpg" }).ClickAsync();
        await Expect(page.Locator("#pending")).ToContainTextAsync("We will add arm.jpg");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel arm.jpg" }).ClickAsync();
        await page.ClickAsync("text=Send my answer");
        await page.ShouldSayAsync("Answer sent");
        Assert.Equal("In words, then", (await App.ConversationAsync(_asked)).Reply!.Text);
    }

    [Fact]
    public async Task Without_JavaScript_a_phone_takes_a_photo_and_chooses_files_in_one_form_and_a_computer_only_chooses()
    {
        var asked = await (await App.AliceSignsInAsync()).AsksAsync(App);
        var desk = await Stranger(nameof(Screen.Desktop), javaScript: false);
        await desk.GotoAsync(await LinkOfAsync(asked));
        await desk.GiveDateOfBirthAsync();
        await Expect(desk.GetByLabel("Choose a file")).ToBeVisibleAsync();
        await Expect(desk.Locator("#camera")).ToBeHiddenAsync();

        var phone = await Stranger(nameof(Screen.Phone), javaScript: false);
        await phone.GotoAsync(await LinkOfAsync(asked));
        await phone.GiveDateOfBirthAsync();
        await Expect(phone.GetByLabel("Take a photo")).ToBeVisibleAsync();
        await phone.GetByLabel("Take a photo").SetInputFilesAsync(new FilePayload { Name = "photo.jpg", MimeType = "image/jpeg", Buffer = Small });
        await phone.AnswerAsync("Both", ("letter.pdf", SampleFiles.Pdf()));
        await phone.ShouldSayAsync("Answer sent");
        Assert.Equal(["photo.jpg", "letter.pdf"], (await App.ConversationAsync(asked)).Reply!.Files.Select(file => file.Name));
    }

    [Fact]
    public async Task Who_writes_while_the_request_is_cancelled_is_told_and_can_copy_the_words()
    {
        var page = await PatAsync();
        await page.FillAsync("#text", "My arm is");
        await Expect(page.Locator("#saved")).ToHaveTextAsync("Saved");
        await Expect(page.Locator("#left")).ToHaveTextAsync("Characters left: 4991");
        await page.GetByText("Delete what I wrote").ClickAsync();
        await page.ShouldBeAccessible("reply: delete");
        await page.GetByRole(AriaRole.Button, new() { Name = "Yes, delete" }).ClickAsync();
        await Expect(page.Locator("#text")).ToHaveValueAsync("");
        var alice = await App.AliceSignsInAsync();
        await alice.GetAsync(_asked.Path());
        await alice.SubmitAsync("form[action$='/cancel']");

        await page.FillAsync("#text", "My arm is better");

        await page.ShouldShowAsync("What you write on this page cannot be saved any more.");
        await page.ShouldBeAccessible("reply: not saved any more");
        await page.ClickAsync("text=Find out why");
        await page.ShouldSayAsync("No answer is needed any more");
        await page.ShouldShowAsync("My arm is better");
    }

    private async Task<IPage> PatAsync(Uri? address = null)
    {
        _asked = await (await App.AliceSignsInAsync()).AsksAsync(App);
        var page = await Page(Screen.Phone, address ?? App.Address);
        await page.GotoAsync(await LinkOfAsync(_asked));
        await page.GiveDateOfBirthAsync();
        await page.ShouldSayAsync("Your answer");
        await page.ShouldBeLoadedAsync(); // With the script: a signal that is lost before leaves the plain form.
        _reference = new Uri(page.Url).Segments[^1];
        return page;
    }

    private static Task ChooseAsync(IPage page, params (string Name, byte[] Bytes)[] files) =>
        page.SetInputFilesAsync("#files", files.Select(file => new FilePayload { Name = file.Name, MimeType = "", Buffer = file.Bytes }));

    /// <summary>A file of the reply, as Alice downloads it.</summary>
    private async Task<byte[]> SentAsync(int number)
    {
        var alice = await App.AliceSignsInAsync();
        var answer = await alice.SendAsync(new(HttpMethod.Get, new Uri(App.Address, $"{_asked.Path()}/files/{number}")));
        return await answer.Content.ReadAsByteArrayAsync();
    }

    [GeneratedRegex(@"Adding [^:]+: [1-9]\d?%")]
    private static partial Regex OnItsWay();
}
