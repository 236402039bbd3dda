using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Infrastructure.Sms.Twilio;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Processes.Faults;

/// <summary>A clinician and her patients, one after the other. Whoever is not answered, or told to try again, does the same again; what was
/// acknowledged is noted in the <see cref="Journal"/>.</summary>
/// <param name="number">Of the clinician's desk: several work at once.</param>
internal sealed class Lives(World world, Journal journal, IReadOnlyList<PatientRecord> patients, int number, int seed, CancellationToken over)
{
    private static readonly TimeSpan PatienceForSms = TimeSpan.FromSeconds(20);
    private readonly Random _random = new(seed + number);
    private TestBrowser _alice = null!;
    private int _typed;

    public async Task LiveAsync()
    {
        _alice = NewBrowser(0);
        for (var n = 1; !over.IsCancellationRequested; n++)
        {
            try
            {
                await LiveOnceAsync(patients[n % patients.Count], n);
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                // The end of the day.
            }
        }
    }

    private async Task LiveOnceAsync(PatientRecord patient, int n)
    {
        var story = new Story($"Number {n} from desk {number}, how is it today?");
        journal.Stories.Enqueue(story);
        if (!await SendsAsync(story, patient))
            return;
        if (Chance(0.1))
        {
            await CancelsAsync(story);
            return;
        }
        if ((await ArrivesAsync(story, sms: 1) ?? await SendsAgainAsync(story)) is not { } sms)
            return;
        if (Chance(0.5))
            await ReportsAsync(story, sms);
        if (await RepliesAsync(story, patient, sms, n))
            await ReadsAsync(story);
    }

    private async Task<bool> SendsAsync(Story story, PatientRecord patient)
    {
        await OpenAsync(_alice, $"/patients?q={patient.NhsNumber.Value}");
        if (_alice.Page.Html.QuerySelector("#results a")?.GetAttribute("href") is not { } compose)
        {
            await SignsInAsync();
            return false;
        }
        await OpenAsync(_alice, compose);
        if (_alice.Page.Html.QuerySelector("#compose") is null)
            return Unexpected("the compose page", _alice.Page.Status);
        story.SendWasTried = true;
        var sent = await AskAsync(_alice, () => _alice.Submission("#compose", ("text", story.Text), ("allowResponse", "true")), story.Text);
        if (!IsRedirect(sent, "/conversations/", out var address))
            return Unexpected("sending", sent.StatusCode);
        story.Sent = Guid.ParseExact(address.Split('/')[^1][..32], "N");
        return true;
    }

    private async Task SignsInAsync()
    {
        await OpenAsync(_alice, "/sign-in");
        if (_alice.Page.Html.QuerySelector("main input[name=password]") is not null)
            await AskAsync(_alice, () => _alice.Submission("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password)));
    }

    private async Task CancelsAsync(Story story)
    {
        await ViewsAsync(story);
        if (_alice.Page.Html.QuerySelector("form[action$='/cancel']") is null)
            return;
        story.CancelWasTried = true;
        story.Cancelled = IsRedirect(await AskAsync(_alice, () => _alice.Submission("form[action$='/cancel']")), "/conversations/", out _);
    }

    /// <summary>She asks for it once more where she was told that it did not go, or that nobody knows.</summary>
    private async Task<FakeMessage?> SendsAgainAsync(Story story)
    {
        await ViewsAsync(story);
        if (_alice.Page.Html.QuerySelector("form[action$='/send-again']") is null)
            return null;
        story.SendAgainTried++;
        if (!IsRedirect(await AskAsync(_alice, () => _alice.Submission("form[action$='/send-again']")), "/conversations/", out _))
            return null;
        story.SentAgain++;
        return await ArrivesAsync(story, sms: TextsOf(story).Count + 1);
    }

    private async Task<FakeMessage?> ArrivesAsync(Story story, int sms)
    {
        using var patience = new CancellationTokenSource(PatienceForSms);
        while (TextsOf(story).Count < sms)
        {
            over.ThrowIfCancellationRequested();
            if (patience.IsCancellationRequested)
                return null;
            await Task.Delay(50, CancellationToken.None);
        }
        return TextsOf(story)[^1];
    }

    private List<FakeMessage> TextsOf(Story story) => [.. world.Texts.Where(text => text.Fields["StatusCallback"].Contains($"{story.Sent:N}", StringComparison.Ordinal))];

    private async Task ReportsAsync(Story story, FakeMessage sms)
    {
        var address = sms.Fields["StatusCallback"];
        var fields = new Dictionary<string, string> { ["MessageSid"] = sms.Sid, ["MessageStatus"] = "delivered", ["To"] = sms.Fields["To"], ["AccountSid"] = world.Account.Sid };
        var signature = await world.SignAsync(address, fields);
        var answer = await AskAsync(NewBrowser(0), () => new(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(fields), Headers = { { "X-Twilio-Signature", signature } } });
        story.ReportTaken = answer.StatusCode == HttpStatusCode.NoContent || Unexpected("a report", answer.StatusCode);
    }

    private async Task<bool> RepliesAsync(Story story, PatientRecord patient, FakeMessage sms, int n)
    {
        var pat = NewBrowser(n);
        var link = Scenario.LinkIn(sms.Fields["Body"]);
        await OpenAsync(pat, link);
        if (pat.Page.Html.QuerySelector("main form input[name=day]") is null)
            return Unexpected("the link", pat.Page.Status);
        for (var wrong = Chance(0.06) ? 5 : Chance(0.3) ? _random.Next(1, 3) : 0; wrong > 0; wrong--)
            await GuessesAsync(story, pat, new DateOnly(1991, 2, wrong));
        if (story.Locked && !await UnlocksAsync(story))
            return false;

        var right = await AskAsync(pat, () => Date(pat, patient.DateOfBirth));
        if (!IsRedirect(right, "/reply/", out var address))
            return Unexpected("the right date of birth", right.StatusCode);
        story.Confirmed++;
        await OpenAsync(pat, address);
        if (pat.Page.Html.QuerySelector("#reply") is null)
            return Unexpected("the reply page", pat.Page.Status);
        return await AnswersAsync(story, pat, n);
    }

    private async Task GuessesAsync(Story story, TestBrowser pat, DateOnly wrong)
    {
        var answer = await AskAsync(pat, () => Date(pat, wrong));
        story.WrongDates.Add($"{wrong:O}");
        story.Locked = answer.StatusCode != HttpStatusCode.UnprocessableEntity;
    }

    private async Task<bool> UnlocksAsync(Story story)
    {
        await ViewsAsync(story);
        if (_alice.Page.Html.QuerySelector("form[action$='/unlock']") is null)
            return Unexpected("the button that unlocks", _alice.Page.Status);
        var unlocked = await AskAsync(_alice, () => _alice.Submission("form[action$='/unlock']"));
        return story.Unlocked = IsRedirect(unlocked, "/conversations/", out _) || Unexpected("unlocking", unlocked.StatusCode);
    }

    private async Task<bool> AnswersAsync(Story story, TestBrowser pat, int n)
    {
        var words = $"It is better, says {n} to desk {number}.";
        if (Chance(0.4))
        {
            var typed = ++_typed;
            var kept = await AskAsync(pat, () => Below(pat.Submission("#reply", ("text", words), ("typed", typed.ToString(CultureInfo.InvariantCulture))), "/text"));
            story.Kept = kept.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict ? words : null;
        }
        for (var file = _random.Next(3); file > 0; file--)
        {
            var (name, bytes) = Letter(n, file);
            var added = await AskAsync(pat, () => Watched(Below(pat.FileSubmission("#reply", [(name, bytes)], ("typed", "1")), "/files")));
            if (added.StatusCode == HttpStatusCode.OK)
                story.Files[name] = Sha(bytes);
            else
                Unexpected("adding a file", added.StatusCode);
        }
        (string Name, byte[] Bytes)[] last = Chance(0.5) ? [Letter(n, 9)] : [];
        story.AnswerWasTried = true;
        var sent = await AskAsync(pat, () => Watched(pat.FileSubmission("#reply", last, ("text", words))), words);
        if (!IsRedirect(sent, "/reply/", out var address) || !address.EndsWith("/sent", StringComparison.Ordinal))
            return Unexpected("the answer", sent.StatusCode);
        foreach (var (name, bytes) in last)
            story.Files[name] = Sha(bytes);
        story.Answer = words;
        return true;
    }

    private async Task ReadsAsync(Story story)
    {
        await ViewsAsync(story);
        if (!_alice.Page.Text.Contains(story.Answer!, StringComparison.Ordinal))
            Unexpected("the answer is not on the page", _alice.Page.Status);
        if (story.Files.Count > 0)
        {
            var file = await AskAsync(_alice, () => new(HttpMethod.Get, Root($"/conversations/{story.Sent:N}/files/1")));
            // While the scanner is away it waits.
            if (file.StatusCode == HttpStatusCode.OK)
            {
                story.Downloads++;
                if (!story.Files.ContainsValue(Sha(await file.Content.ReadAsByteArrayAsync(CancellationToken.None))))
                    journal.Wrong.Enqueue($"desk {number}: a file is not the one that was sent");
            }
        }
        if (Chance(0.5) && _alice.Page.Html.QuerySelector("form[action$='/done']") is not null)
            story.Done = IsRedirect(await AskAsync(_alice, () => _alice.Submission("form[action$='/done']")), "/conversations", out _);
    }

    private async Task ViewsAsync(Story story)
    {
        await OpenAsync(_alice, $"/conversations/{story.Sent:N}", () => story.Views = story.Views with { Tried = story.Views.Tried + 1 });
        if (_alice.Page.Text.Contains(story.Text, StringComparison.Ordinal))
            story.Views = story.Views with { Shown = story.Views.Shown + 1 };
        else
            Unexpected("the conversation's page", _alice.Page.Status);
    }

    /// <summary>Shows a page, however often it has to be asked for.</summary>
    private async Task OpenAsync(TestBrowser browser, string path, Action? asks = null)
    {
        while (true)
        {
            over.ThrowIfCancellationRequested();
            try
            {
                asks?.Invoke();
                if ((await browser.GetAsync(path)).Status != HttpStatusCode.ServiceUnavailable)
                {
                    Note(path, browser.Page.Status);
                    return;
                }
                journal.NoteUnavailable();
            }
            catch (HttpRequestException)
            {
                journal.NoteUnanswered();
            }
            await Task.Delay(100, CancellationToken.None);
        }
    }

    /// <summary>Sends a form, however often it takes.</summary>
    /// <param name="words">What was typed: whoever cannot be served is shown it.</param>
    private async Task<HttpResponseMessage> AskAsync(TestBrowser browser, Func<HttpRequestMessage> request, string words = "")
    {
        while (true)
        {
            over.ThrowIfCancellationRequested();
            try
            {
                var asked = request();
                var answer = await browser.SendAsync(asked);
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                {
                    Note(asked.RequestUri!.AbsolutePath, answer.StatusCode);
                    return answer;
                }
                journal.NoteUnavailable();
                if (!(await answer.Content.ReadAsStringAsync(CancellationToken.None)).Contains(words, StringComparison.Ordinal))
                    journal.Wrong.Enqueue($"503 without the words at {asked.RequestUri!.AbsolutePath}");
            }
            catch (HttpRequestException)
            {
                journal.NoteUnanswered();
            }
            await Task.Delay(100, CancellationToken.None);
        }
    }

    private void Note(string path, HttpStatusCode status)
    {
        journal.NoteAnswer();
        if (status >= HttpStatusCode.InternalServerError)
            journal.Wrong.Enqueue($"{(int)status} at {path}");
    }

    /// <summary>By a clock that is days or years off a session, a form or a link may be over; the page says so, with the words, and nothing is
    /// lost by it.</summary>
    private bool Unexpected(string what, HttpStatusCode status)
    {
        if (world.Processes.Any(process => process.HasWrongClock) && status < HttpStatusCode.InternalServerError)
            journal.NoteOver();
        else
            journal.Wrong.Enqueue($"desk {number}: {what}: {(int)status}");
        return false;
    }

    private TestBrowser NewBrowser(int n) => new(new CookieContainer(), new Balancer(world, new(_random.Next()), $"10.{number}.{n / 250 % 250}.{n % 250}"));

    private bool Chance(double of) => _random.NextDouble() < of;

    private static Uri Root(string path) => new(new("http://localhost"), path);

    private static HttpRequestMessage Date(TestBrowser pat, DateOnly date) => pat.Submission("main form", ("day", $"{date.Day}"), ("month", $"{date.Month}"), ("year", $"{date.Year}"));

    private static HttpRequestMessage Below(HttpRequestMessage request, string path)
    {
        request.RequestUri = new Uri(request.RequestUri! + path);
        return request;
    }

    private static HttpRequestMessage Watched(HttpRequestMessage request)
    {
        request.Content = new WatchedUpload(request.Content!);
        return request;
    }

    private (string Name, byte[] Bytes) Letter(int n, int file) =>
        ($"letter {file}.pdf", SampleFiles.PdfWith($"/Title (Letter {file} of {n} to desk {number})", size: 20_000 + 37_000 * file));

    private static string Sha(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static bool IsRedirect(HttpResponseMessage answer, string to, out string address)
    {
        address = answer.Headers.Location?.OriginalString ?? "";
        return answer.StatusCode == HttpStatusCode.SeeOther && address.StartsWith(to, StringComparison.Ordinal);
    }
}
