using System.Net;
using System.Text;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Processes;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Privacy;

/// <summary>Journeys at the most talkative settings, and then a search of everything that they left behind.</summary>
public class LeakTests
{
    private const string Answer = "Zweifellos hurts when I kneel";
    private const string Proxy = "Josephina Umbridge-Quill";
    private const string Question = "Wherever does your elbow ache";

    private static readonly string[] Talkative =
    [
        "Logging:LogLevel:Default=Debug", "Logging:LogLevel:PatientResponse=Trace", "Logging:LogLevel:PatientResponse.Requests=Trace",
        // As in Production; it holds the values beside the sentence.
        "Logging:Console:FormatterName=json",
        "Logging:LogLevel:Microsoft.AspNetCore=Trace", "Logging:LogLevel:System=Trace", "Logging:LogLevel:Npgsql=Trace",
        "Logging:Console:LogLevel:Microsoft.AspNetCore.Hosting=Trace", "Logging:LogLevel:*AspNetCore.Hosting.Diagnostics=Trace",
    ];

    [Fact]
    public async Task No_token_answer_date_of_birth_or_phone_number_is_left_in_clear_anywhere()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var app = new ServedApp(brings: true);
        await app.StartAsync(settings: [.. Talkative, .. collector.Settings]);
        var alice = app.NewBrowser();
        await alice.GetAsync("/sign-in");
        await alice.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));

        // The whole journey, with a wrong date of birth, a wrong file and a look at the reply.
        var (conversation, token) = await AskAsync(app, alice, Question);
        var pat = app.NewBrowser();
        await pat.GetAsync($"/r/{token.Value}");
        await pat.GivesDateOfBirthAsync(2, 3, 1981);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, pat.Page.Status);
        await pat.GivesDateOfBirthAsync(1, 1, 1980);
        await pat.AnswersAsync(Answer, ("holiday.exe", [1, 2, 3]));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, pat.Page.Status);
        await pat.SubmitFilesAsync("#reply", [("elbow.jpg", SampleFiles.Jpeg(20_000)), ("letter.pdf", SampleFiles.Pdf())],
            ("text", Answer), ("proxy", "true"), ("proxyName", Proxy), ("proxyRelationship", "mother"));
        Assert.EndsWith("/sent", pat.Page.Address.AbsolutePath, StringComparison.Ordinal);
        await ServedApp.UntilAsync(() => app.Posted("email", "has replied").Count == 1, "the email goes");
        await alice.GetAsync(conversation);
        Assert.Contains(Answer, alice.Page.Text, StringComparison.Ordinal);
        await alice.GetAsync($"{conversation}/files/1");
        await alice.GetAsync($"{conversation}/download");
        await alice.GetAsync("/patients?q=9990000018");
        await alice.GetAsync("/patients?q=Test+Patient&dob=1980-01-01");

        // Refused: a used link, a locked one, one that nobody knows, a stale form.
        await app.NewBrowser().GetAsync($"/r/{token.Value}");
        var (_, locked) = await AskAsync(app, alice, "Refused");
        var guess = app.NewBrowser();
        await guess.GetAsync($"/r/{locked.Value}");
        for (var day = 1; day <= 5; day++)
            await guess.GivesDateOfBirthAsync(day, 2, 1979);
        Assert.Equal(HttpStatusCode.Forbidden, guess.Page.Status);
        await guess.SubmitAsync("form[action$='/new-link']");
        Assert.Equal(HttpStatusCode.OK, guess.Page.Status);
        var unknown = LinkToken.New();
        Assert.Equal(HttpStatusCode.NotFound, (await app.NewBrowser().GetAsync($"/r/{unknown.Value}")).Status);

        await ServedApp.UntilAsync(() => Encoding.UTF8.GetString(collector.Traces).Contains("POST /r/{token}", StringComparison.Ordinal)
            && Encoding.UTF8.GetString(collector.Metrics).Contains("http.server.request.duration", StringComparison.Ordinal), "traces and metrics are exported");

        // Crashed: killed in the middle of an upload and of a call to the provider.
        var (_, crashed) = await AskAsync(app, alice, "Crashed");
        pat = app.NewBrowser();
        await pat.GetAsync($"/r/{crashed.Value}");
        await pat.GivesDateOfBirthAsync(1, 1, 1980);
        await pat.AnswersAsync(Answer + " in a draft", ("wrong.exe", [1]));
        var upload = pat.FileSubmission("#reply", [("elbow.jpg", SampleFiles.Jpeg(2_000_000))], ("text", Answer));
        upload.Content = new HalfSent(upload.Content!);
        var sending = pat.SendAsync(upload);
        await Task.Delay(500);
        await app.KillAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => sending);
        await ServedApp.UntilAsync(() => !File.Exists(Path.Combine(app.Data, "postgres", "cluster", "postmaster.pid"))
            && Directory.GetFiles(Path.Combine(app.Data, "postgres"), "leaving.*").Length == 0, "the database's files are complete");

        var secrets = new Dictionary<string, string>
        {
            ["date of birth, ISO"] = "1980-01-01",
            ["date of birth, UK"] = "01/01/1980",
            ["date of birth, short"] = "1/1/1980",
            ["date of birth, in words"] = "1 January 1980",
            ["date of birth, digits"] = "19800101",
            ["phone number"] = "7700900001",
            ["phone number, spaced"] = "07700 900001",
            ["NHS number"] = "9990000018",
            ["NHS number, spaced"] = "999 000 0018",
            ["answer"] = Answer,
            ["question"] = Question,
            ["proxy"] = Proxy,
        };
        foreach (var (name, link) in new[] { ("token", token), ("locked token", locked), ("crashed token", crashed), ("unknown token", unknown) })
            (secrets[name], secrets[name + ", grouped"]) = (link.Value, link.Grouped);
        var places = Places(app, collector);

        // The search finds what is there in clear, in each kind of place.
        Assert.Contains("database", Where(places, conversation[^32..]));
        Assert.Contains("database", Where(places, token.Hash));
        Assert.Contains("log", Where(places, "\"LogLevel\":\"Debug\""));
        Assert.Contains("log", Where(places, "\"Route\":\"/r/{token}\""));
        Assert.Contains("exported traces", Where(places, "POST /r/{token}"));
        Assert.Contains("exported traces", Where(places, nameof(DeliverSms)));
        Assert.Contains("exported metrics", Where(places, "patient_response.queue.oldest.age"));
        Assert.Contains("exported metrics", Where(places, "http.server.request.duration"));
        // The framework's own spans hold addresses; exported, they do not.
        Assert.Contains($"url.path=/r/{token.Value}", app.Traces, StringComparison.Ordinal);
        Assert.Contains("planted", Where([.. places, ("planted", Encoding.UTF8.GetBytes($"GET /r/{token.Value.ToUpperInvariant()}"))], token.Value));
        Assert.True(places.Count(place => place.Name == "file") >= 2, "Files of the reply are on disk.");

        Assert.Empty(secrets.SelectMany(secret => Where(places, secret.Value).Select(place => $"{secret.Key} in {place}")));
    }

    private static async Task<(string Conversation, LinkToken Token)> AskAsync(ServedApp app, TestBrowser alice, string text)
    {
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", text), ("allowResponse", "true"));
        var conversation = alice.Page.Address.AbsolutePath;
        await ServedApp.UntilAsync(() => app.Posted("sms", text).Count == 1, "the SMS goes");
        Assert.True(LinkToken.TryParse(Scenario.LinkIn(app.Posted("sms", text)[0]), out var token));
        return (conversation, token);
    }

    /// <summary>Every byte that the processes left: the data folder, what they logged, and what a collector of traces would get.</summary>
    private static List<(string Name, byte[] Bytes)> Places(ServedApp app, OtlpCollector collector) =>
    [
        .. Directory.EnumerateFiles(app.Data, "*", SearchOption.AllDirectories).Select(file =>
            (file.StartsWith(Path.Combine(app.Data, "postgres"), StringComparison.Ordinal) ? "database" : "file", File.ReadAllBytes(file))),
        ("log", Encoding.UTF8.GetBytes(app.Output)),
        ("exported traces", collector.Traces),
        ("exported metrics", collector.Metrics),
    ];

    /// <summary>The places that hold this text, in any case, as UTF-8 or UTF-16.</summary>
    private static IReadOnlyList<string> Where(IEnumerable<(string Name, byte[] Bytes)> places, string text) =>
        [.. places.Where(place => Holds(place.Bytes, Encoding.UTF8.GetBytes(text)) || Holds(place.Bytes, Encoding.Unicode.GetBytes(text))).Select(place => place.Name)];

    private static bool Holds(byte[] bytes, byte[] text)
    {
        var (hay, needle) = (Lower(bytes), Lower(text));
        return hay.AsSpan().IndexOf(needle) >= 0;
    }

    private static byte[] Lower(byte[] bytes) => Array.ConvertAll(bytes, b => b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b + 32) : b);
}
