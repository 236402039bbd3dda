using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.AcceptRestored;

/// <summary>Yesterday's database is brought back: by the operator, from a backup, or by somebody who wants today undone.</summary>
public class AcceptRestoredTests
{
    [Fact]
    public async Task An_older_state_is_named_by_the_start_and_by_verify_until_the_operator_accepts_it()
    {
        var log = new LogCapture();
        await using var installation = await BackedUpInstallation.StartAsync();
        Guid before, since;
        await using (var app = installation.App())
            before = await (await app.AliceSignsInAsync()).AsksAsync(app, "Asked yesterday");
        await installation.BackUpAsync();
        string disabled;
        ChainLink ofToday;
        await using (var app = installation.App())
        {
            since = await (await app.AliceSignsInAsync()).AsksAsync(app, "Asked today");
            Assert.Equal(0, (await app.CommandAsync("clinician", "disable", Scenario.BobsEmail)).Exit);
            disabled = await app.LooksUpAsync<string>("select subject from audit where action = 'disabled clinician'");
            await app.VerifyNamesAsync();
            ofToday = (await app.Services.GetRequiredService<Chain>().ExtendAsync(CancellationToken.None)).Newest!;
        }

        await installation.RestoreAsync();

        await using (var app = installation.App())
        {
            app.Replace = services => services.AddSingleton<ILoggerProvider>(log);
            var alice = await app.AliceSignsInAsync();
            // The premise: it is served as if today had not been.
            Assert.Contains("Asked yesterday", (await alice.GetAsync("/conversations")).Text, StringComparison.Ordinal);
            Assert.DoesNotContain("Asked today", alice.Page.Text, StringComparison.Ordinal);
            Assert.Single(log.Errors, line => line.Contains("The database is not what it was at checkpoint 1-", StringComparison.Ordinal));
            Assert.StartsWith("rolled-back\tcheckpoint/1-", Assert.Single(await app.VerifiedAsync()), StringComparison.Ordinal);
        }
        // Going on does not hide it.
        await using (var app = installation.App())
        {
            await (await app.AliceSignsInAsync()).AsksAsync(app, "Asked afterwards");
            await app.KeepsItsRecordAsync(withCheckpoint: true);
            Assert.StartsWith("rolled-back\tcheckpoint/1-", Assert.Single(await app.VerifiedAsync()), StringComparison.Ordinal);
            Assert.Contains($"rolled-back\tcheckpoint/1-{ofToday.N}", (await app.CommandAsync("verify", "--checkpoint", $"{ofToday}")).Output.Split('\n'));

            Assert.Equal((1, "", "Nothing was accepted: give a reason."), await app.CommandAsync("accept-restored", "--reason", " "));
            Assert.Equal((0, $"older\tdocument/Clinician/{disabled}", ""), await app.CommandAsync("accept-restored", "--reason", "disk failed"));
            await app.VerifyNamesAsync();
            // Nor is a line of the log from before held against what was accepted.
            Assert.Equal(0, (await app.CommandAsync("verify", "--checkpoint", $"{ofToday}")).Exit);
            Assert.Equal(["disk failed"], await app.AuditedAsync("accepted restored database"));
            await app.BobSignsInAsync();
        }
        // And what is done to it afterwards is seen as before.
        await using (var app = installation.App())
        {
            await app.VerifyNamesAsync();
            await app.DeletesAsync(before);
            await app.VerifyNamesAsync($"missing\tconversation/{before:N}");
        }
        Assert.NotEqual(before, since);
    }

    /// <summary>Acceptance 43: the trail of what was erased, before the backup and after it.</summary>
    [Fact]
    public async Task An_old_backup_is_erased_again_and_the_trail_reads()
    {
        await using var installation = await BackedUpInstallation.StartAsync();
        Guid early, late;
        await using (var app = installation.App())
        {
            var alice = await app.AliceSignsInAsync();
            (early, late) = (await alice.AsksAsync(app), await alice.AsksAsync(app));
            await app.CommandAsync("erase", $"{early:N}", "--reason", "asked early");
            await app.DoQueuedWorkAsync();
        }
        await installation.BackUpAsync();
        await using (var app = installation.App())
        {
            await app.CommandAsync("erase", $"{late:N}", "--reason", "asked late");
            await app.DoQueuedWorkAsync();
            await app.VerifyNamesAsync();
        }
        await installation.RestoreAsync();

        await using (var app = installation.App())
        {
            Assert.Equal(["asked early", "was erased before; a restored backup had brought it back"], await app.AuditedAsync("erased"));
            await app.CommandAsync("accept-restored", "--reason", "disk failed");
            await app.DoQueuedWorkAsync();
            await app.VerifyNamesAsync();
        }
    }

    [Fact]
    public async Task Whoever_breaks_the_record_itself_does_not_keep_the_operator_from_beginning_anew()
    {
        await using var app = new TestApp();
        await app.AliceSignsInAsync();
        await app.KeepsItsRecordAsync();
        await app.ChangesAsync("update record_blocks set data = '\\x00' where n = (select max(n) from record_blocks)");
        Assert.StartsWith("broken\trecord/block/", (await app.VerifiedAsync())[0], StringComparison.Ordinal);

        Assert.Equal(0, (await app.CommandAsync("accept-restored", "--reason", "found out who")).Exit);

        await app.VerifyNamesAsync();
    }
}
