using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
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
    public async Task Words_survive_an_outage_and_too_many_of_them_are_named(string screen, bool javaScript)
    {
        var directory = new FlakyDirectory();
        App.Replace = directory.Use;
        var (page, _) = await Alice(screen, javaScript);
        await page.GotoAsync(Scenario.TestPatient);
        await page.FillAsync("#text", "My careful words");
        if (javaScript)
            await page.Locator("#preview", new() { HasText = "My careful words" }).WaitForAsync();
        directory.IsAway = true;
        await page.ClickAsync("#compose button.nhsuk-button");
        await page.ShouldSayAsync("Sorry, this service is not working right now");
        Assert.Equal("My careful words", await page.InputValueAsync("#text"));
        await page.ShouldBeAccessible("failure: 503 with words");
        directory.IsAway = false;
        await page.ClickAsync("main button");
        await page.ShouldShowAsync("My careful words");
        if (javaScript)
            return;
        await page.GotoAsync(Scenario.TestPatient);
        await page.FillAsync("#text", new string('x', 1024 * 1024));
        await page.ClickAsync("#compose button.nhsuk-button");
        await page.ShouldSayAsync("What you sent is too long");
        await page.ShouldBeAccessible("failure: too long");
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_conversation_is_damaged(string screen, bool javaScript)
    {
        var alice = await App.AliceSignsInAsync();
        var damaged = await alice.AsksAsync(App);
        await App.WithAsync<IDatabase, bool>(async database =>
        {
            await database.ExecuteAsync("update mt_events set bdata = bdata || '\\x00' where stream_id = @id", ("id", damaged));
            return true;
        });
        var (page, _) = await Alice(screen, javaScript);
        await page.GotoAsync($"/conversations/{damaged:N}");
        await page.ShouldSayAsync("This cannot be read");
        await page.ShouldShowAsync($"conversation/{damaged:N}");
        await page.ShouldBeAccessible("failure: damaged");
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

    /// <summary>The real directory, while it is there.</summary>
    private sealed class FlakyDirectory : IPatientDirectory
    {
        private IPatientDirectory _real = null!;

        public bool IsAway { get; set; }

        public void Use(IServiceCollection services)
        {
            var real = services.Single(service => service.ServiceType == typeof(IPatientDirectory));
            services.Remove(real);
            services.AddSingleton<IPatientDirectory>(provider =>
            {
                _real = (IPatientDirectory)real.ImplementationFactory!(provider);
                return this;
            });
        }

        public Task<PatientsFound> SearchAsync(PatientQuery query, Clinician clinician, CancellationToken cancellation) =>
            IsAway ? throw new TimeoutException() : _real.SearchAsync(query, clinician, cancellation);

        public Task<Patient?> FindAsync(string id, Clinician clinician, CancellationToken cancellation) =>
            IsAway ? throw new TimeoutException() : _real.FindAsync(id, clinician, cancellation);
    }

    private sealed class BrokenDirectory : IPatientDirectory
    {
        public Task<PatientsFound> SearchAsync(PatientQuery query, Clinician clinician, CancellationToken cancellation) => query switch
        {
            PatientQuery.ByName name when name.Normalised.StartsWith("out", StringComparison.OrdinalIgnoreCase) => throw new TimeoutException(),
            PatientQuery.ByName => throw new InvalidOperationException(),
            _ => Task.FromResult(PatientsFound.None),
        };

        public Task<Patient?> FindAsync(string id, Clinician clinician, CancellationToken cancellation) => throw new InvalidOperationException();
    }
}
