using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.VerifyStorage;

/// <summary>Somebody writes to the database who has no key. Whatever the product shows, <c>verify</c> names it.</summary>
public sealed class ChangedDatabaseTests : IAsyncDisposable
{
    private static readonly PatientRecord Jane =
        new(NhsNumber.Parse("9990000026"), "Roebuck", "Jane", "Mrs", new(1980, 1, 31), "07700 900123", Deceased: false, Restricted: false);

    private readonly TestApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task The_last_events_of_a_conversation_were_deleted_and_its_rows_made_to_fit()
    {
        var alice = await _app.AliceSignsInAsync();
        var id = await alice.AsksAsync(_app);
        await _app.CopiesAsync(id);
        await _app.PatRepliesAsync(id, "It is swollen");
        await _app.DoQueuedWorkAsync();
        Assert.Contains("It is swollen", (await alice.GetAsync($"/conversations/{id:N}")).Text, StringComparison.Ordinal);
        await _app.VerifyNamesAsync();

        await _app.PutsBackAsync(id);

        // The premise: it is a sound conversation without a reply.
        var page = await alice.GetAsync($"/conversations/{id:N}");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.DoesNotContain("It is swollen", page.Text, StringComparison.Ordinal);
        await _app.VerifyNamesAsync($"shortened\tconversation/{id:N}");
    }

    [Fact]
    public async Task A_whole_conversation_was_deleted()
    {
        var alice = await _app.AliceSignsInAsync();
        var (gone, other) = (await alice.AsksAsync(_app), await alice.AsksAsync(_app, "How is your hip?"));
        await _app.VerifyNamesAsync();

        await _app.DeletesAsync(gone);

        var page = await alice.GetAsync("/conversations");
        Assert.Equal((HttpStatusCode.OK, false, true), (page.Status, page.Source.Contains($"{gone:N}", StringComparison.Ordinal), page.Source.Contains($"{other:N}", StringComparison.Ordinal)));
        // Both of its messages still wait: they find nothing to do.
        await _app.VerifyNamesAsync($"missing\tconversation/{gone:N}");
    }

    [Fact]
    public async Task An_erased_conversation_is_none_that_was_deleted_and_one_that_came_back_is_named()
    {
        var alice = await _app.AliceSignsInAsync();
        var id = await alice.AsksAsync(_app);
        await _app.CopiesAsync(id);
        Assert.Equal(0, (await _app.CommandAsync("erase", $"{id:N}", "--reason", "asked")).Exit);
        await _app.DoQueuedWorkAsync();
        await _app.VerifyNamesAsync();

        await _app.PutsBackAsync(id);

        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync($"/conversations/{id:N}")).Status);
        await _app.VerifyNamesAsync($"came-back\tconversation/{id:N}");
    }

    [Theory]
    [InlineData("missing", "delete from audit where id = {0}")]
    [InlineData("changed", "update audit set actor = 'somebody else' where id = {0}")]
    [InlineData("changed", "update audit set at = at + 1 where id = {0}")]
    [InlineData("changed", "update audit set action = 'viewed' where id = {0}")]
    [InlineData("changed", "update audit set subject = reverse(subject) where id = {0}")]
    [InlineData("changed", "update audit set detail = 'nothing' where id = {0}")]
    [InlineData("changed", "update audit set seal = null where id = {0}")]
    [InlineData("changed", "update audit set detail = 'nothing', seal = null, block = null where id = {0}")]
    public async Task An_audit_entry_was_deleted_or_changed(string kind, string attack)
    {
        var bob = await _app.BobSignsInAsync();
        var alice = await _app.AliceSignsInAsync();
        var id = await alice.AsksAsync(_app);
        Assert.Equal(HttpStatusCode.NotFound, (await bob.GetAsync($"/conversations/{id:N}")).Status);
        await _app.KeepsItsRecordAsync();
        var refused = await _app.LooksUpAsync<long>($"select id from audit where action = 'refused' and subject = '{id:N}'");
        await _app.VerifyNamesAsync();

        await _app.ChangesAsync(string.Format(null, attack, refused));

        await _app.VerifyNamesAsync($"{kind}\taudit/{refused}");
        await _app.KeepsItsRecordAsync();
        await _app.VerifyNamesAsync($"{kind}\taudit/{refused}");
    }

    /// <summary>Before it is part of any link.</summary>
    [Fact]
    public async Task An_audit_entry_was_deleted_the_moment_it_was_made()
    {
        var bob = await _app.BobSignsInAsync();
        var id = await (await _app.AliceSignsInAsync()).AsksAsync(_app);
        Assert.Equal(HttpStatusCode.NotFound, (await bob.GetAsync($"/conversations/{id:N}")).Status);

        await _app.ChangesAsync("delete from audit where action = 'refused'");

        var at = $"{_app.Time.GetUtcNow().UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}";
        await _app.VerifyNamesAsync($"missing\taudit/{at}");
        await _app.KeepsItsRecordAsync();
        await _app.VerifyNamesAsync($"missing\taudit/{at}");
    }

    [Theory]
    [InlineData("insert into audit(at, actor, action, subject, detail) select at, actor, 'viewed', subject, detail from audit where id = {0}")]
    [InlineData("insert into audit(at, actor, action, subject, detail, seal) select at, actor, 'viewed', subject, detail, seal from audit where id = {0}")]
    [InlineData("insert into audit(at, actor, action, subject, detail, seal) select at, actor, action, subject, detail, seal from audit where id = {0}")]
    [InlineData("insert into audit(at, actor, action, subject, detail, seal, block) select at, actor, action, subject, detail, seal, block from audit where id = {0}")]
    public async Task An_audit_entry_was_forged_or_is_there_twice(string attack)
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.AsksAsync(_app);
        await _app.KeepsItsRecordAsync();
        var first = await _app.LooksUpAsync<long>("select max(id) from audit");

        await _app.ChangesAsync(string.Format(null, attack, first));

        var forged = await _app.LooksUpAsync<long>("select max(id) from audit");
        Assert.NotEqual(first, forged);
        await _app.VerifyNamesAsync($"forged\taudit/{forged}");
        // Nor does it become one of ours with time.
        await _app.KeepsItsRecordAsync();
        await _app.VerifyNamesAsync($"forged\taudit/{forged}");
    }

    /// <summary>Both are sound by themselves.</summary>
    [Fact]
    public async Task An_audit_entry_was_put_in_the_place_of_another()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.AsksAsync(_app);
        await _app.KeepsItsRecordAsync();
        var (first, block) = (await _app.LooksUpAsync<long>("select max(id) from audit"), await _app.LooksUpAsync<long>("select max(n) from record_blocks"));
        await _app.BobSignsInAsync();
        var pending = await _app.LooksUpAsync<long>("select max(id) from audit");

        await _app.ChangesAsync(
            $"create table spare as select * from audit where id = {pending}", $"delete from audit where id = {pending}",
            $"update audit set (at, actor, action, subject, detail, seal) = (select at, actor, action, subject, detail, seal from spare) where id = {first}");

        await _app.VerifyNamesAsync($"changed\trecord/block/{block}");
    }

    [Theory]
    [InlineData("missing\trecord/{0}", "delete from record_heads where id = {0}")]
    [InlineData("changed\trecord/{0}", "update record_heads set said = said || '\\x00' where id = {0}")]
    [InlineData("changed\trecord/{0}", "update record_heads set said = (select said from record_heads where id < {0} order by id desc limit 1) where id = {0}")]
    [InlineData("broken\trecord/block/{1}", "delete from record_blocks where n = {1}")]
    [InlineData("broken\trecord/block/{1}", "update record_blocks set data = (select data from record_blocks where n = {1} - 1) where n = {1}")]
    public async Task The_record_itself_was_changed(string expected, string attack)
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.AsksAsync(_app);
        await _app.KeepsItsRecordAsync();
        var (head, block) = (await _app.LooksUpAsync<long>("select max(id) from record_heads"), await _app.LooksUpAsync<long>("select max(n) from record_blocks"));
        await alice.AsksAsync(_app);
        await _app.KeepsItsRecordAsync();
        await _app.VerifyNamesAsync();

        await _app.ChangesAsync(string.Format(null, attack, head, block));

        Assert.Equal(string.Format(null, expected, head, block), (await _app.VerifiedAsync())[0]);
    }

    /// <summary>Copied to its end, it would be the newest that is known of what it tells.</summary>
    [Fact]
    public async Task A_row_of_the_record_was_repeated()
    {
        var alice = await _app.AliceSignsInAsync();
        var id = await alice.AsksAsync(_app);
        await _app.CopiesAsync(id);
        var old = await _app.LooksUpAsync<long>("select max(id) from record_heads");
        await _app.PatRepliesAsync(id, "It is swollen");
        await _app.DoQueuedWorkAsync();
        await _app.KeepsItsRecordAsync();

        await _app.PutsBackAsync(id);
        await _app.ChangesAsync($"insert into record_heads(said) select said from record_heads where id <= {old} order by id");

        await _app.KeepsItsRecordAsync();
        Assert.Contains($"shortened\tconversation/{id:N}", await _app.VerifiedAsync());
    }

    [Fact]
    public async Task The_queue_was_emptied()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", "How is your knee?"), ("allowResponse", "true"));
        await _app.VerifyNamesAsync();
        var waiting = await _app.WithAsync<IDatabase, IReadOnlyList<string>>(database =>
            database.QueryAsync<string>($"select 'missing' || chr(9) || 'message/' || replace(id::text, '-', '') from {QueuedWork.Waiting} where status <> 'Handled'", null, CancellationToken.None));
        // The text and the end of its days.
        Assert.Equal(2, waiting.Count);

        await _app.ChangesAsync($"delete from {QueuedWork.Waiting}");

        // The premise: nobody hears of it.
        await _app.DoQueuedWorkAsync();
        Assert.Empty(_app.SentTexts);
        Assert.Equal(waiting.Order(), await _app.VerifiedAsync());
    }

    [Fact]
    public async Task A_message_that_was_done_is_in_the_queue_again_or_says_something_else()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", "How is your knee?"), ("allowResponse", "true"));
        await _app.ChangesAsync($"create table loot as select * from {QueuedWork.Waiting} where message_type like '%DeliverSms'");
        await _app.DoQueuedWorkAsync();
        await _app.VerifyNamesAsync();
        var (sent, left) = (await _app.LooksUpAsync<Guid>("select id from loot"), await _app.LooksUpAsync<Guid>($"select id from {QueuedWork.Waiting}"));

        await _app.ChangesAsync($"update {QueuedWork.Waiting} set body = (select body from loot)", $"insert into {QueuedWork.Waiting} select * from loot");

        Assert.Equal(new[] { $"came-back\tmessage/{sent:N}", $"changed\tmessage/{left:N}" }.Order(), (await _app.VerifiedAsync()).Order());
    }

    /// <summary>All that lists and counts go by.</summary>
    [Theory]
    [InlineData("ref", "'0123456789abcdef'")]
    [InlineData("practice", "'riverside'")]
    [InlineData("requester", "'somebody else'")]
    [InlineData("patient", "'somebody else'")]
    [InlineData("status", "'Open'")]
    [InlineData("delivery", "'Failed'")]
    [InlineData("attention", "0")]
    [InlineData("done", "1")]
    [InlineData("follows", "id")]
    [InlineData("sent_at", "sent_at - 1")]
    [InlineData("replied_at", "null")]
    public async Task A_column_of_a_conversation_was_changed(string column, string value)
    {
        var alice = await _app.AliceSignsInAsync();
        var id = await alice.AsksAsync(_app);
        await _app.PatRepliesAsync(id, "It is swollen");
        await _app.VerifyNamesAsync();

        await _app.ChangesAsync($"update mt_doc_conversation_row set {column} = {value} where id = '{id}'");

        await _app.VerifyNamesAsync($"changed\tconversation/{id:N}/{column}");
        Assert.DoesNotContain("How is your knee", (await alice.GetAsync("/conversations")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alarms_were_reset()
    {
        var alice = await _app.AliceSignsInAsync();
        var id = await alice.AsksAsync(_app);
        await _app.PatRepliesAsync(id, "It is swollen");
        Assert.Contains("1 to do", (await alice.GetAsync("/patients")).Text, StringComparison.Ordinal);

        await _app.ChangesAsync($"update mt_doc_conversation_row set attention = 0, done = 1, data = jsonb_set(jsonb_set(data, '{{Attention}}', '0'), '{{Done}}', '1') where id = '{id}'");

        // The premise: nothing calls for her.
        Assert.DoesNotContain("1 to do", (await alice.GetAsync("/patients")).Text, StringComparison.Ordinal);
        await _app.VerifyNamesAsync($"changed\tconversation/{id:N}/attention", $"changed\tconversation/{id:N}/done");
    }

    [Theory]
    [InlineData("delete from mt_doc_link where stream = '{0}'")]
    [InlineData("update mt_doc_link set stream = gen_random_uuid() where stream = '{0}'")]
    [InlineData("insert into mt_doc_link(id, data, stream) select '0', data, stream from mt_doc_link where stream = '{0}'")]
    public async Task The_links_of_a_conversation_were_changed(string attack)
    {
        var alice = await _app.AliceSignsInAsync();
        var id = await alice.AsksAsync(_app);
        await _app.VerifyNamesAsync();

        await _app.ChangesAsync(string.Format(null, attack, id));

        await _app.VerifyNamesAsync($"changed\tconversation/{id:N}/link");
    }

    [Theory]
    [InlineData("older", "TemplateSet", "update mt_doc_sealed d set data = l.data, version = l.version from loot l where l.id = d.id")]
    [InlineData("missing", "TemplateSet", "delete from mt_doc_sealed where id in (select id from loot)")]
    public async Task A_document_was_put_back_or_deleted(string kind, string type, string attack)
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync("/templates/new");
        await alice.SubmitAsync("main form", ("name", "Mine"), ("text", "My words"));
        await _app.ChangesAsync($"create table loot as select * from mt_doc_sealed where type = '{type}'");
        await alice.GetAsync("/templates/new");
        await alice.SubmitAsync("main form", ("name", "Another"), ("text", "More words"));
        await _app.VerifyNamesAsync();
        var id = await _app.LooksUpAsync<string>("select id from loot");

        await _app.ChangesAsync(attack);

        await _app.VerifyNamesAsync($"{kind}\tdocument/{id}");
    }

    [Theory]
    [InlineData("changed", "delete from patients where id = (select min(id) from patients)")]
    [InlineData("changed", "update patients set missing_since = 1 where id = (select min(id) from patients)")]
    [InlineData("changed", "update patients set name = 'nobody' where id = (select min(id) from patients)")]
    [InlineData("changed", "update patients set practice = 'riverside' where id = (select min(id) from patients)")]
    [InlineData("changed", "update patients set data = (select data from patients where id = (select max(id) from patients)) where id = (select min(id) from patients)")]
    [InlineData("older", "update patient_lists set shown = shown - 1")]
    [InlineData("missing", "delete from patient_lists")]
    public async Task A_list_of_patients_was_changed(string kind, string attack)
    {
        _app.StartServer();
        var imported = await _app.WithAsync<LocalPatients, ListChanges>(patients => patients.ImportAsync("demo", [Jane], _app.Time.GetUtcNow(), CancellationToken.None));
        Assert.Equal(1, imported.Added);
        await _app.VerifyNamesAsync();

        await _app.ChangesAsync(attack);

        Assert.Contains($"{kind}\tpatients/demo", await _app.VerifiedAsync());
    }

    /// <summary>Everything that was written since a checkpoint, and the record of it.</summary>
    [Fact]
    public async Task The_end_of_the_record_was_cut_off()
    {
        var alice = await _app.AliceSignsInAsync();
        await _app.KeepsItsRecordAsync();
        var (audit, heads, block) = (await _app.LooksUpAsync<long>("select max(id) from audit"), await _app.LooksUpAsync<long>("select max(id) from record_heads"), await _app.LooksUpAsync<long>("select max(n) from record_blocks"));
        await alice.GetAsync("/patients?q=Smith");
        await _app.KeepsItsRecordAsync(withCheckpoint: true);
        await _app.VerifyNamesAsync();
        var cut = new[] { $"delete from audit where id > {audit}", $"delete from record_heads where id > {heads}", $"delete from record_blocks where n > {block}" };

        await _app.ChangesAsync(cut);

        await _app.VerifyNamesAsync($"rolled-back\tcheckpoint/1-{block + 1}");
        // The premise: without the checkpoint nobody sees it.
        Directory.Delete(Path.Combine(_app.DataFolder, "files", "checkpoints"), recursive: true);
        await using var another = new TestApp(new Installation(_app.DataFolder, _app.Postgres));
        await another.VerifyNamesAsync();
    }

    [Fact]
    public async Task A_checkpoint_of_the_log_counts_as_well_and_a_forged_one_is_named()
    {
        await _app.AliceSignsInAsync();
        await _app.KeepsItsRecordAsync();
        var newest = (await _app.Services.GetRequiredService<Chain>().ExtendAsync(CancellationToken.None)).Newest!;

        Assert.Equal(0, (await _app.CommandAsync("verify", "--checkpoint", $"{newest}")).Exit);
        Assert.Equal("rolled-back\tcheckpoint/1-7000", (await _app.CommandAsync("verify", "--checkpoint", $"1-7000-{newest.Hash}")).Output);
        Assert.Equal((1, "", "A checkpoint is two numbers and a hash, such as 1-1234-0ab1…."), await _app.CommandAsync("verify", "--checkpoint", "yesterday"));

        await _app.KeepsItsRecordAsync(withCheckpoint: true);
        var folder = Path.Combine(_app.DataFolder, "files", "checkpoints");
        var real = Directory.GetFiles(folder).Single();
        File.Copy(real, Path.Combine(folder, "0000000000000009000000000000ffff"));
        await _app.VerifyNamesAsync("forged\tcheckpoints/0000000000000009000000000000ffff");
    }
}
