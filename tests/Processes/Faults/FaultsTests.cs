using System.Diagnostics;
using System.Globalization;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Tests.Infrastructure.Sms.Twilio;

namespace PatientResponse.Tests.Processes.Faults;

/// <summary>People at work while everything that can break does: two processes of the product as it is, real servers, and a journal of all that
/// was acknowledged. <c>tests/faults [minutes [seed]]</c> goes on for longer, <c>tests/run --long</c> to 200 kills.</summary>
public sealed class FaultsTests(TwilioCounterpart twilio)
{
    private const int Desks = 4;
    private const int PatientsOfADesk = 40;

    /// <summary>A change is judged by what can be repeated; a long run looks further.</summary>
    private static readonly int Seed = Setting("TEST_SEED") ?? (Environment.GetEnvironmentVariable("TEST_LONG") == "1" ? Random.Shared.Next() : 1);

    [Fact]
    public async Task Nothing_acknowledged_is_lost_nothing_happens_twice_and_nothing_is_stuck_whatever_breaks()
    {
        var clock = Stopwatch.StartNew();
        await using var world = await World.StartAsync(twilio);
        var (journal, random) = (new Journal(), new Random(Seed));
        var output = TestContext.Current.TestOutputHelper!;
        var mishaps = new Mishaps(world, journal, random)
        {
            Note = what => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds,6:0.0} s, {journal.Acknowledged} acknowledged: {what}")),
        };
        output.WriteLine($"Seed {Seed}");
        using (var evening = new CancellationTokenSource())
        {
            var patients = SamplePatients.Read().Where(patient => patient is { Deceased: false, Restricted: false } && UkMobile.TryParse(patient.Mobile, out _, out _)).Chunk(PatientsOfADesk).ToList();
            var desks = Enumerable.Range(1, Desks).Select(number => Task.Run(() => new Lives(world, journal, patients[number - 1], number, Seed, evening.Token).LiveAsync())).ToList();
            await ServedApp.UntilAsync(() => journal.Stories.Any(story => story.Answer is not null), "the first answer is there");
            try
            {
                await HappenAsync(mishaps, clock);
            }
            catch (Exception e)
            {
                // What was acknowledged until then is held against what is stored all the same.
                journal.Wrong.Enqueue($"Gave up after {clock.Elapsed.TotalMinutes:0.0} minutes. {e.Message}");
                output.WriteLine(journal.Wrong.Last());
            }
            await mishaps.EndAsync();
            await evening.CancelAsync();
            await Task.WhenAll(desks);
        }
        var afterwards = new Afterwards(world, journal);
        await afterwards.SettleAsync();
        await afterwards.CompareAsync();
        foreach (var process in world.Processes)
            Assert.Equal(0, await process.StopAsync());
        var verified = await world.CommandAsync("verify");

        var figures = string.Create(CultureInfo.InvariantCulture, $"Seed {Seed}, {clock.Elapsed.TotalMinutes:0.0} minutes: {mishaps.Tally}. {journal.Acknowledged} operations acknowledged in {journal.Stories.Count} conversations, "
            + $"{journal.Unavailable} told to try again, {journal.Over} told by a wrong clock that something was over, {journal.Unanswered} never answered; lost {afterwards.Lost.Count}, doubled {afterwards.Doubled.Count}, stuck {afterwards.Stuck.Count}; emails repeated under the same id {afterwards.RepeatedEmails}.");
        Console.WriteLine(figures);
        Assert.True(afterwards.Lost.Count + afterwards.Doubled.Count + afterwards.Stuck.Count + journal.Wrong.Count == 0,
            string.Join('\n', [figures, .. Some("lost", afterwards.Lost), .. Some("doubled", afterwards.Doubled), .. Some("stuck", afterwards.Stuck), .. Some("wrong", journal.Wrong), .. Failures(world)]));
        Assert.True(verified.Exit == 0, figures + "\n" + verified.Output);
        Assert.All(world.Processes, process => Assert.DoesNotContain("+44", process.Output, StringComparison.Ordinal));
        // The premise: all that was meant to happen did.
        Assert.True(mishaps.Tally is { Kills: > 0, DatabaseRestarts: > 0, Stops: > 0 } && journal.Unavailable > 0 && journal.Acknowledged > 50, figures);
    }

    /// <summary>A short day; or until the time is over; or until all has happened often enough.</summary>
    private static async Task HappenAsync(Mishaps mishaps, Stopwatch clock)
    {
        var minutes = Setting("TEST_FAULTS");
        var isLong = minutes is not null || Environment.GetEnvironmentVariable("TEST_LONG") == "1";
        foreach (var mishap in isLong ? mishaps.LongDay() : mishaps.ShortDay())
        {
            if (minutes is not null ? clock.Elapsed.TotalMinutes > minutes : isLong && mishaps.Tally is { Kills: >= 200, DatabaseRestarts: >= 40 })
                return;
            await mishap();
        }
    }

    private static IEnumerable<string> Some(string what, IEnumerable<string> problems) => problems.Take(20).Select(problem => $"{what}: {problem}");

    /// <summary>What the processes said about failures of their own.</summary>
    private static IEnumerable<string> Failures(World world) =>
        world.Processes.SelectMany(process => process.Output.Split('\n').Where(line => line.Contains(" failed with ", StringComparison.Ordinal)).Distinct().Take(10));

    private static int? Setting(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : null;
}
