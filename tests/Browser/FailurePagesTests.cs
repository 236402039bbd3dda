using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Browser;

/// <summary>What anybody sees when something of ours breaks; and the demo's phone.</summary>
public sealed class FailurePagesTests(Chromium chromium) : PageTest(chromium)
{
    [Theory, MemberData(nameof(Ways))]
    public async Task Something_breaks(string screen, bool javaScript)
    {
        App.Replace = services => services.Replace(ServiceDescriptor.Singleton<IPatientDirectory, BrokenDirectory>());
        var (page, _) = await Alice(screen, javaScript);
        await page.GotoAsync("/patients?q=Bug");
        await page.ShouldSayAsync("Sorry, something went wrong");
        await page.ShouldBeAccessible("failure: 500");
        await page.GotoAsync("/patients?q=Outage");
        await page.ShouldSayAsync("Sorry, this service is not working right now");
        await page.ShouldBeAccessible("failure: 503");
        if (!javaScript)
            return;
        await page.GotoAsync("/patients");
        await page.GetByLabel("NHS number or name").FillAsync("Bug");
        await page.ClickAsync("main form button");
        await page.ShouldSayAsync("Sorry, something went wrong");
        await page.ShouldBeAccessible("failure: 500 instead of a part");
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task The_demo_phone(string screen, bool javaScript)
    {
        var page = await Stranger(screen, javaScript);
        await page.GotoAsync("/dev/phone");
        await page.ShouldBeAccessible("demo phone: empty");
        var alice = await App.AliceSignsInAsync();
        await App.PatRepliesAsync(await alice.AsksAsync(App), "Better");
        await App.DoQueuedWorkAsync();
        if (!javaScript)
            await page.ReloadAsync();
        await page.ShouldShowAsync("How is your knee today?");
        await page.ShouldBeAccessible("demo phone: messages");
    }

    private sealed class BrokenDirectory : IPatientDirectory
    {
        public Task<IReadOnlyList<Patient>?> SearchAsync(PatientQuery query, Clinician clinician, CancellationToken cancellation) => query switch
        {
            PatientQuery.ByName name when name.Normalised.StartsWith("out", StringComparison.OrdinalIgnoreCase) => throw new TimeoutException(),
            PatientQuery.ByName => throw new InvalidOperationException(),
            _ => Task.FromResult<IReadOnlyList<Patient>?>([]),
        };

        public Task<Patient?> FindAsync(string id, Clinician clinician, CancellationToken cancellation) => throw new InvalidOperationException();
    }
}
