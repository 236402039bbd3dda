using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PatientResponse.Infrastructure.Email;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Browser;

/// <summary>What clinicians see of a mail relay that fails.</summary>
public sealed class MailTroublePagesTests : PageTest
{
    private readonly BrokenRelay _relay = new();

    public MailTroublePagesTests(Chromium chromium) : base(chromium) =>
        App.Replace = services => services.Replace(ServiceDescriptor.Singleton<IEmailSender>(_relay));

    [Theory, MemberData(nameof(Ways))]
    public async Task Emails_that_are_delayed_or_refused(string screen, bool javaScript)
    {
        var (page, alice) = await Alice(screen, javaScript);
        _relay.Trouble = new RefusedException("Refused");
        var refused = await alice.AsksAsync(App);
        await App.PatRepliesAsync(refused, "Better");
        await App.DoQueuedWorkAsync();
        await page.GotoAsync(refused.Path());
        await page.ShouldShowAsync("We could not email you about this conversation");
        await page.ShouldBeAccessible("conversation: not emailed");

        _relay.Trouble = new DelayedException("Away") { By = EmailDelay.Everybodys };
        await App.PatRepliesAsync(await alice.AsksAsync(App), "Worse");
        await App.DoQueuedWorkAsync();
        App.Time.Advance(TimeSpan.FromMinutes(5));
        await page.GotoAsync("/conversations");
        await page.ShouldShowAsync("Emails are delayed.");
        await page.ShouldBeAccessible("conversations: emails delayed");
    }

    private sealed class BrokenRelay : IEmailSender
    {
        public Exception? Trouble { get; set; }

        public Task SendAsync(OutgoingEmail email, CancellationToken cancellation) => Task.FromException(Trouble!);
    }
}
