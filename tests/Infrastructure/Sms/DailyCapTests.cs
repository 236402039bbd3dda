using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Sms;

public class DailyCapTests
{
    /// <summary>The practice's number is kept in sixteen rows, and is one number all the same.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(37)]
    public async Task Of_fifty_who_send_at_once_as_many_as_the_practice_may_send_get_through(int cap)
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var (caps, practice) = (new DailyCap(copy.Counters, copy.Time), new Practice { Id = "riverside", Name = "Riverside", DailyCap = cap });

        var told = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => SendAsync(copy, caps, practice, $"clinician {i}"))));

        Assert.Equal(cap, told.Count(refusal => refusal is null));
        Assert.All(told.OfType<string>(), refusal => Assert.Equal($"Riverside has reached the most text messages that it may send in a day ({cap}). Send it tomorrow.", refusal));
        Assert.Equal(cap, await started.Database.CountAsync("audit where action = 'sent'"));
    }

    [Fact]
    public async Task Of_twenty_messages_that_one_clinician_sends_at_once_as_many_as_they_may_send_get_through()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var (caps, practice) = (new DailyCap(copy.Counters, copy.Time), new Practice { Id = "riverside", Name = "Riverside", DailyCapPerClinician = 3 });

        var told = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => SendAsync(copy, caps, practice, "alice"))));

        Assert.Equal(3, told.Count(refusal => refusal is null));
        Assert.Contains("You have reached the most text messages that one person may send in a day (3). Send it tomorrow, or ask a colleague to.", told);

        copy.Time.Advance(TimeSpan.FromHours(25));
        Assert.Null(await SendAsync(copy, caps, practice, "alice"));
    }

    private static Task<string?> SendAsync(TestCopy copy, DailyCap caps, Practice practice, string clinician) => copy.WithAsync(session => session.DecideAsync(async () =>
    {
        var reading = session.Read();
        var taken = caps.Ask(reading, new Clinician { Id = clinician, PracticeId = practice.Id });
        await reading.AskAsync();
        if (caps.Refusal(taken(), practice) is { } refusal)
            return refusal;
        caps.Take(session, taken(), practice);
        session.Audit(clinician, "sent", practice.Id);
        await session.SaveChangesAsync();
        return (string?)null;
    }));
}
