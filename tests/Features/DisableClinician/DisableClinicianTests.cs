using System.Net;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.DisableClinician;

/// <summary>Alice leaves; Bob is her colleague; Charlie is of another practice.</summary>
public class DisableClinicianTests
{
    [Fact]
    public async Task Alice_leaves_and_Bob_alone_gets_what_is_still_open()
    {
        await using var installation = await BackedUpInstallation.StartAsync();
        await using var app = installation.App();
        var (alice, bob, charlie) = (await app.AliceSignsInAsync(), await app.BobSignsInAsync(), await app.CharlieSignsInAsync());
        var (waiting, replied, over) = (await alice.AsksAsync(app, "How is your knee?"), await alice.AsksAsync(app, "How is your hip?"), await alice.AsksAsync(app, "How is your ear?"));
        await app.PatRepliesAsync(replied, "It still hurts");
        await app.DoQueuedWorkAsync();
        await alice.GetAsync($"/conversations/{over:N}");
        await alice.SubmitAsync("form[action$='/cancel']");
        Assert.Equal(HttpStatusCode.NotFound, (await bob.GetAsync($"/conversations/{waiting:N}")).Status);

        var refused = await app.CommandAsync("clinician", "disable", Scenario.AlicesEmail);
        Assert.Equal((1, ""), (refused.Exit, refused.Output));
        Assert.Contains("2 open conversations", refused.Error, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync($"/conversations/{waiting:N}")).Status);

        var (exit, output, error) = await app.CommandAsync("clinician", "disable", Scenario.AlicesEmail, "--hand-over-to", Scenario.BobsEmail);
        Assert.Equal((0, ""), (exit, error));
        Assert.Equal([$"disabled\t{Scenario.AlicesEmail}", $"handed-over\t{waiting:N}", $"handed-over\t{replied:N}"], output.Split(Environment.NewLine).Order());

        Assert.StartsWith("/sign-in", (await alice.GetAsync($"/conversations/{waiting:N}")).Address.AbsolutePath, StringComparison.Ordinal);
        await alice.GetAsync("/sign-in");
        await alice.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        Assert.Equal("/sign-in", alice.Page.Address.AbsolutePath);

        var list = await bob.GetAsync("/conversations");
        Assert.Contains($"/conversations/{waiting:N}", list.Source, StringComparison.Ordinal);
        Assert.Contains($"/conversations/{replied:N}", list.Source, StringComparison.Ordinal);
        Assert.DoesNotContain($"/conversations/{over:N}", list.Source, StringComparison.Ordinal);
        var page = await bob.GetAsync($"/conversations/{replied:N}");
        Assert.Contains("It still hurts", page.Text, StringComparison.Ordinal);
        Assert.Contains("Handed over from Dr Dana Demo to Nurse Chris Colleague", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await bob.GetAsync($"/conversations/{over:N}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await charlie.GetAsync($"/conversations/{replied:N}")).Status);

        var emails = app.SentEmails.Count;
        await app.PatRepliesAsync(waiting, "Better");
        await app.DoQueuedWorkAsync();
        Assert.Equal(emails + 1, app.SentEmails.Count);
        Assert.Equal(Scenario.BobsEmail, app.SentEmails[0].To);
        Assert.Equal(2, (await app.AuditedAsync("handed over")).Count);
        Assert.Single(await app.AuditedAsync("disabled clinician"));
    }

    [Fact]
    public async Task Without_anything_open_nobody_has_to_take_over_and_running_it_again_does_no_harm()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var told = await alice.TellsAsync(app);
        Assert.Equal((0, $"disabled\t{Scenario.AlicesEmail}", ""), await app.CommandAsync("clinician", "disable", Scenario.AlicesEmail));
        Assert.Equal(0, (await app.CommandAsync("clinician", "disable", Scenario.AlicesEmail, "--hand-over-to", Scenario.BobsEmail)).Exit);
        Assert.Single(await app.AuditedAsync("disabled clinician"));
        Assert.NotEqual(Guid.Empty, told);
    }

    [Fact]
    public async Task Nobody_unfit_takes_over()
    {
        await using var app = new TestApp();
        await app.CharlieSignsInAsync();
        await RefusedAsync(app, "nobody", "nobody@example.nhs.uk", Scenario.BobsEmail);
        await RefusedAsync(app, "nobody", Scenario.AlicesEmail, "nobody@example.nhs.uk");
        await RefusedAsync(app, "somebody else", Scenario.AlicesEmail, Scenario.AlicesEmail);
        await RefusedAsync(app, "same practice", Scenario.AlicesEmail, Scenario.CharliesEmail);
        await app.CommandAsync("clinician", "disable", Scenario.BobsEmail);
        await RefusedAsync(app, "is disabled", Scenario.AlicesEmail, Scenario.BobsEmail);
        Assert.False((await app.ClinicianAsync(Scenario.AlicesEmail)).Disabled);
    }

    [Fact]
    public void Before_the_hand_over_it_was_somebody_elses_doing()
    {
        object[] events =
        [
            Given.Asked, new LinkLocked(Given.SentAt), new LinkUnlocked(Given.SentAt),
            new ConversationHandedOver("alice", "Dr Alice", "bob", "Bob", Given.SentAt), new ConversationCancelled(Given.SentAt),
        ];
        var lines = PatientResponse.Features.ViewReply.HistoryText.Of(events.Select((data, i) => new StoredEvent(i + 1, Given.SentAt, "", data))).Select(line => line.Text).ToList();
        Assert.Equal(["Dr Alice unlocked the link", "Handed over from Dr Alice to Bob", "You cancelled the request"], lines[2..]);
    }

    private static async Task RefusedAsync(TestApp app, string words, string email, string to)
    {
        var (exit, output, error) = await app.CommandAsync("clinician", "disable", email, "--hand-over-to", to);
        Assert.Equal((1, ""), (exit, output));
        Assert.Contains(words, error, StringComparison.Ordinal);
    }
}
