using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PatientResponse.Features.EraseConversation;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Web;

/// <summary>What the disk has damaged takes nothing else away.</summary>
public sealed class DamagedRowsTests : IAsyncDisposable
{
    private const string Told = "Tell whoever runs PatientResponse";
    private readonly TestApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Ways to damage what is sealed in a row of a Marten document.</summary>
    public static TheoryData<string> Damages =>
    [
        "data = jsonb_set(data, '{Data}', '\"AAAA\"')",
        "data = jsonb_set(data, '{Data}', '\"no base64!\"')",
        "data = jsonb_set(data, '{Data}', '17')",
        "data = jsonb_set(data, '{Data}', 'null')",
        "data = data - 'Data'",
        "data = '[]'",
        "data = '{}'",
    ];

    [Theory, MemberData(nameof(Damages))]
    public async Task Alice_sees_the_rest_of_her_conversations_and_which_one_cannot_be_read(string damage)
    {
        var alice = await _app.AliceSignsInAsync();
        var (first, damaged, last) = (await alice.AsksAsync(_app, "The first"), await alice.AsksAsync(_app, "The damaged"), await alice.AsksAsync(_app, "The last"));
        await DamageAsync($"update mt_doc_conversation_row set {damage} where id = '{damaged}'");

        var page = await alice.GetAsync("/conversations");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("The first", page.Text, StringComparison.Ordinal);
        Assert.Contains("The last", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("The damaged", page.Text, StringComparison.Ordinal);
        Assert.Contains($"This conversation cannot be read. {Told}: conversation/{damaged:N}", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync("/conversations?q=Patient")).Status);
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync("/patients")).Status);
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync(Scenario.TestPatient)).Status);
        Assert.Contains($"conversation/{damaged:N}", (await _app.CommandAsync("verify")).Output, StringComparison.Ordinal);
        Assert.NotEqual(first, last);
    }

    [Theory]
    [InlineData("update mt_events set bdata = bdata || '\\x00' where stream_id = '{0}'")]
    [InlineData("delete from mt_events where stream_id = '{0}' and version > 1")]
    [InlineData("update mt_events set type = 'nonsense', mt_dotnet_type = 'Nonsense, Nowhere' where stream_id = '{0}' and version = 1")]
    [InlineData("update mt_events set bdata = null where stream_id = '{0}' and version = 1")]
    [InlineData("update mt_doc_stream_key set data = jsonb_set(data, '{{Wrapped}}', '\"AAAA\"') where id = '{0}'")]
    [InlineData("update mt_doc_stream_key set data = jsonb_set(data, '{{Wrapped}}', '\"no base64!\"') where id = '{0}'")]
    [InlineData("update mt_doc_stream_key set data = '[]' where id = '{0}'")]
    public async Task A_damaged_conversation_is_named_on_its_page_and_the_others_open(string damage)
    {
        var alice = await _app.AliceSignsInAsync();
        var (damaged, sound) = (await alice.AsksAsync(_app, "The damaged"), await alice.AsksAsync(_app, "The sound"));
        await DamageAsync(string.Format(null, damage, damaged));

        var page = await alice.GetAsync($"/conversations/{damaged:N}");

        Assert.Equal(("This cannot be read", HttpStatusCode.InternalServerError), (page.Heading, page.Status));
        Assert.Contains($"conversation/{damaged:N}", page.Text, StringComparison.Ordinal);
        Assert.Contains("The sound", (await alice.GetAsync($"/conversations/{sound:N}")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync("/conversations")).Status);
        var (exit, output, error) = await _app.CommandAsync("verify");
        Assert.Equal(1, exit);
        Assert.Contains($"{damaged:N}", output, StringComparison.Ordinal);
        Assert.StartsWith("Checked 2 conversations", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_earlier_message_that_is_damaged_does_not_take_the_page_of_the_later_one()
    {
        var alice = await _app.AliceSignsInAsync();
        var earlier = await alice.AsksAsync(_app, "The earlier");
        await _app.PatRepliesAsync(earlier, "An answer");
        await alice.GetAsync($"{Scenario.TestPatient}?follows={earlier:N}");
        await alice.SubmitAsync("#compose", ("text", "The later"), ("allowResponse", "true"));
        var later = alice.Page.Address.AbsolutePath;
        Assert.Contains("The earlier", alice.Page.Text, StringComparison.Ordinal);
        await DamageAsync($"update mt_events set bdata = '' where stream_id = '{earlier}'");

        var page = await alice.GetAsync(later);

        Assert.Contains("The later", page.Text, StringComparison.Ordinal);
        Assert.Contains($"A message to this patient cannot be read. {Told}: conversation/{earlier:N}", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_patient_is_one_line_and_the_others_are_found()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync("/patients?q=Smith");
        var whole = alice.Page.Html.QuerySelectorAll(".app-patients tbody tr").Length;
        Assert.True(whole > 1);
        var link = alice.Page.Html.QuerySelectorAll("a[href$='/message']").First(a => !a.GetAttribute("href")!.Contains("/test/", StringComparison.Ordinal)).GetAttribute("href")!;
        var id = link.Split('/')[2];
        await alice.GetAsync(link);
        await alice.SubmitAsync("#compose", ("text", "Hello"));
        await DamageAsync($"update patients set data = '\\x00' where id = '{id}'");

        var page = await alice.GetAsync("/patients?q=Smith");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal(whole - 1, page.Html.QuerySelectorAll(".app-patients tbody tr").Length);
        Assert.Contains($"A patient’s record cannot be read. {Told}: patient/{id}", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync("/patients")).Status);
        Assert.Contains($"patient/{id}", (await alice.GetAsync(link)).Text, StringComparison.Ordinal);
        Assert.Contains($"unreadable\tpatient/{id}", (await _app.CommandAsync("verify")).Output, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Damages))]
    public async Task Damaged_templates_are_one_line_and_a_message_can_still_be_written(string damage)
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync("/templates/new");
        await alice.SubmitAsync("main form", ("name", "Mine"), ("text", "My words"));
        await DamageAsync($"update mt_doc_sealed set {damage} where type = 'TemplateSet'");

        var page = await alice.GetAsync("/templates");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains($"Your templates cannot be read. {Told}: document/TemplateSet/clinician/", page.Text, StringComparison.Ordinal);
        Assert.Contains("Copy to your templates", page.Text, StringComparison.Ordinal);
        Assert.Contains("Templates are missing, because they cannot be read", (await alice.GetAsync(Scenario.TestPatient)).Text, StringComparison.Ordinal);
        await alice.SubmitAsync("#compose", ("text", "Hello"));
        Assert.StartsWith("/conversations/", alice.Page.Address.AbsolutePath, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Damages))]
    public async Task A_damaged_clinician_stops_neither_a_start_nor_a_colleague(string damage)
    {
        await using var installation = await BackedUpInstallation.StartAsync();
        await using (var first = installation.App())
            await first.AliceSignsInAsync();
        await installation.WithDatabaseAsync(async database =>
        {
            await database.ExecuteAsync($"update mt_doc_sealed set {damage} where type = 'Clinician' and id = (select min(subject) from (select 'Clinician/' || actor as subject from audit where action = 'signed in') a)");
            await database.ExecuteAsync($"update mt_doc_sealed set {damage} where type = 'Key'");
            return true;
        });

        await using var app = installation.App();
        var bob = await app.BobSignsInAsync();

        Assert.Equal(HttpStatusCode.OK, (await bob.GetAsync("/conversations")).Status);
        var alice = app.NewBrowser();
        await alice.GetAsync("/sign-in");
        await alice.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        // The premise: she is damaged.
        Assert.Equal(HttpStatusCode.InternalServerError, alice.Page.Status);
        Assert.Contains("unreadable\tdocument/Clinician/", (await app.CommandAsync("verify")).Output, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Damages))]
    public async Task A_damaged_practice_takes_neither_the_pages_of_its_people_nor_a_patients_reply(string damage)
    {
        var alice = await _app.AliceSignsInAsync();
        var asked = await alice.AsksAsync(_app, "Before the damage");
        var pat = await _app.PatOpensAsync(_app.NewestLink());
        // The premise: while it is whole its name stands there.
        Assert.Contains("Demo Surgery", pat.Page.Text, StringComparison.Ordinal);
        await DamageAsync($"update mt_doc_sealed set {damage} where type = 'Practice'");

        foreach (var address in new[] { "/conversations", "/patients", "/patients?q=Smith", "/templates", "/templates/new", "/account", "/account/second-factor", $"/conversations/{asked:N}" })
        {
            var page = await alice.GetAsync(address);
            Assert.True(page.Status == HttpStatusCode.OK, $"{address}: {page.Status}");
            Assert.Contains($"Your practice’s settings cannot be read. No message can be sent until they are mended. {Told}: document/Practice/demo", page.Text, StringComparison.Ordinal);
        }
        foreach (var address in new[] { Scenario.TestPatient, "/practice" })
            Assert.Contains("document/Practice/demo", (await alice.GetAsync(address)).Text, StringComparison.Ordinal);
        Assert.Contains("unreadable\tdocument/Practice/demo", (await _app.CommandAsync("verify")).Output, StringComparison.Ordinal);

        pat = _app.NewBrowser();
        await pat.GetAsync(_app.NewestLink());
        Assert.Equal((HttpStatusCode.OK, false), (pat.Page.Status, pat.Page.Text.Contains("Demo Surgery", StringComparison.Ordinal)));
        await pat.GivesDateOfBirthAsync(1, 1, 1980);
        Assert.Contains("phone your GP surgery or NHS service", pat.Page.Text, StringComparison.Ordinal);
        await pat.AnswersAsync("It is better");
        Assert.Equal(HttpStatusCode.OK, pat.Page.Status);
        await _app.DoQueuedWorkAsync();
        Assert.Contains("It is better", (await alice.GetAsync($"/conversations/{asked:N}")).Text, StringComparison.Ordinal);
        Assert.Contains("demo@example.nhs.uk", _app.SentEmails[0].To, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_waited_while_its_practice_was_damaged_goes_without_its_senders_name()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", "On its way"), ("allowResponse", "true"));
        Assert.Empty(_app.SentTexts);
        await DamageAsync("update mt_doc_sealed set data = '{}' where type = 'Practice'");

        await _app.DoQueuedWorkAsync();

        Assert.Contains("On its way", Assert.Single(_app.SentTexts).Text, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Damages))]
    public async Task Whose_session_is_damaged_is_signed_out_and_can_sign_in_again(string damage)
    {
        var alice = await _app.AliceSignsInAsync();
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync("/conversations")).Status);
        await DamageAsync($"update mt_doc_sealed set {damage} where type = 'StaffSession'");

        var page = await alice.GetAsync("/conversations");
        Assert.Equal(("/sign-in", HttpStatusCode.OK), (page.Address.AbsolutePath, page.Status));
        await alice.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));

        Assert.Equal("/conversations", alice.Page.Address.AbsolutePath);
    }

    [Fact]
    public async Task A_damaged_practice_keeps_its_conversations_and_the_others_retention_goes_on()
    {
        var logs = new LogCapture();
        await using var app = new TestApp { Settings = { ["Retention:Days"] = "30" }, Replace = services => services.AddSingleton<ILoggerProvider>(logs) };
        var alice = await app.AliceSignsInAsync();
        var (kept, gone) = (await alice.AsksAsync(app), Guid.NewGuid());
        Assert.Equal(0, (await app.CommandAsync("practice", "set", "riverside", "--name", "Riverside")).Exit);
        await app.StartAsync(TestCopy.Message(gone, app.Time.GetUtcNow()) with { PracticeId = "riverside" });
        Assert.True(await app.WithAsync<IDatabase, bool>(async database =>
        {
            await database.ExecuteAsync("update mt_doc_sealed set data = '{}' where type = 'Practice' and name = 'demo'");
            return true;
        }));

        var erased = 0;
        for (var day = 40; day <= 42; day++)
            erased += await app.WithAsync<IServiceProvider, int>(services =>
                ActivatorUtilities.CreateInstance<RetentionSweep>(services).RunAsync(app.Time.GetUtcNow() + TimeSpan.FromDays(day), isReleased: true, CancellationToken.None));

        Assert.Equal(1, erased);
        Assert.Equal(kept, (await app.ConversationAsync(kept)).Id);
        Assert.Contains(logs.Errors, line => line.Contains("document/Practice/demo cannot be read: nothing of that practice is marked or erased", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Damages))]
    public async Task A_patient_whose_draft_is_damaged_begins_anew_and_sends(string damage)
    {
        var alice = await _app.AliceSignsInAsync();
        var id = await alice.AsksAsync(_app);
        var pat = _app.NewBrowser();
        await pat.GetAsync($"/r/{(await _app.ConversationAsync(id)).Token}");
        await pat.GivesDateOfBirthAsync(1, 1, 1980);
        await pat.SendAsync(Below(pat.Submission("#reply", ("text", "I began")), "/text"));
        Assert.Contains("I began", (await pat.GetAsync(pat.Page.Address.AbsolutePath)).Source, StringComparison.Ordinal);
        await DamageAsync($"update mt_doc_sealed set {damage} where type = 'ReplyDraft'");
        Assert.Contains("document/ReplyDraft/", (await _app.CommandAsync("verify")).Output, StringComparison.Ordinal);

        var page = await pat.GetAsync(pat.Page.Address.AbsolutePath);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.DoesNotContain("I began", page.Source, StringComparison.Ordinal);
        await pat.SendAsync(Below(pat.Submission("#reply", ("text", "I began again")), "/text"));
        Assert.Contains("I began again", (await pat.GetAsync(pat.Page.Address.AbsolutePath)).Source, StringComparison.Ordinal);
        await pat.SubmitAsync("#reply", ("text", "I began again, and ended"));
        Assert.Equal("I began again, and ended", (await _app.ConversationAsync(id)).Reply!.Text);
        Assert.Equal(0, (await _app.CommandAsync("verify")).Exit);
    }

    /// <summary>Of whatever kind, also of those that the other tests do not know of: each kind that the installation has, each way to damage it.</summary>
    [Fact]
    public async Task No_page_that_does_not_need_it_is_taken_by_a_document_of_any_kind()
    {
        var wrong = new List<string>();
        var kinds = new HashSet<string>();
        foreach (var (damage, _) in Damages.Select(row => (row.Data, 0)))
        {
            await using var app = new TestApp();
            var alice = await app.AliceSignsInAsync();
            var (id, other) = (await alice.AsksAsync(app), await alice.AsksAsync(app));
            await alice.GetAsync("/patients/test");
            await alice.SubmitAsync("form[action$='/notes']", ("note", "Speaks Polish"));
            await alice.GetAsync("/templates/new");
            await alice.SubmitAsync("main form", ("name", "Mine"), ("text", "How is your knee?"));
            await alice.GetAsync(Scenario.TestPatient);
            await alice.SubmitAsync("#compose", ("text", "Begun ___"));
            await alice.GetAsync("/patients");
            await alice.SubmitAsync("main form", ("q", "Smith"));
            var search = alice.Page.Address.PathAndQuery;
            await app.PatRepliesAsync(id, "Better");
            var pat = app.NewBrowser();
            await pat.GetAsync($"/r/{(await app.ConversationAsync(other)).Token}");
            await pat.GivesDateOfBirthAsync(1, 1, 1980);
            var reply = pat.Page.Address.AbsolutePath;
            await pat.SendAsync(Below(pat.Submission("#reply", ("text", "I began")), "/text"));
            await app.DoQueuedWorkAsync();
            var types = await app.WithAsync<IDatabase, IReadOnlyList<string>>(database => database.QueryAsync<string>("select distinct type from mt_doc_sealed order by 1", null, CancellationToken.None));
            kinds.UnionWith(types);
            foreach (var type in types.Where(type => !IsNeededByAll.Contains(type)))
            {
                await app.WithAsync<IDatabase, bool>(async database =>
                {
                    await database.ExecuteAsync("create table kept as select * from mt_doc_sealed where type = @type", ("type", type));
                    await database.ExecuteAsync($"update mt_doc_sealed set {damage} where type = @type", ("type", type));
                    return true;
                });
                // What goes by the practice's settings says that they cannot be read.
                foreach (var address in type == "Practice" ? ["/", "/patients", "/patients/test", "/conversations", $"/conversations/{id:N}", "/templates", "/account", "/help"] : new[] { "/", "/patients", search, "/patients/test", Scenario.TestPatient, "/conversations", "/conversations?state=not-saved", $"/conversations/{id:N}", $"/conversations/{other:N}", $"/conversations/{id:N}/ask-again", "/templates", "/account", "/practice", "/help" })
                    if ((int)(await alice.GetAsync(address)).Status >= 500)
                        wrong.Add($"{type}, {damage}: {address.Split('?')[0]}");
                foreach (var address in new[] { reply, $"/r/{(await app.ConversationAsync(other)).Token}" })
                    if ((int)(await pat.GetAsync(address)).Status >= 500)
                        wrong.Add($"{type}, {damage}: the patient's {(address == reply ? "reply" : "link")}");
                await app.WithAsync<IDatabase, bool>(async database =>
                {
                    await database.ExecuteAsync("update mt_doc_sealed s set data = k.data from kept k where k.id = s.id and s.type = @type", ("type", type));
                    await database.ExecuteAsync("drop table kept");
                    return true;
                });
            }
        }
        Assert.Superset(new HashSet<string> { "Clinician", "Practice", "TemplateSet", "MessageDraft", "PatientNotes", "KeptSearch", "ReplyDraft" }, kinds);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>Without it nobody is signed in, or no form is taken: tests of their own say what happens then.</summary>
    private static readonly string[] IsNeededByAll = ["StaffSession", "Clinician", "DataProtectionKey"];

    private static HttpRequestMessage Below(HttpRequestMessage request, string path)
    {
        request.RequestUri = new(request.RequestUri + path);
        return request;
    }

    private Task<bool> DamageAsync(string sql) => _app.WithAsync<IDatabase, bool>(async database =>
    {
        await database.ExecuteAsync(sql);
        return true;
    });
}
