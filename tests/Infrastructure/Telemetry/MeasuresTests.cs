using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Telemetry;

public class MeasuresTests
{
    [Fact]
    public async Task What_happens_to_conversations_is_counted()
    {
        await using var app = new TestApp();
        using var measured = new Measured(app);
        var request = await app.AliceAsksAsync();
        var pat = app.NewBrowser();
        await pat.GetAsync(request.Link);
        await pat.GivesDateOfBirthAsync(2, 2, 1982);
        await pat.GivesDateOfBirthAsync(1, 1, 1980);
        await pat.AnswersAsync("Better.", ("knee.pdf", SampleFiles.Pdf()), ("not.pdf", "%PDF-1.7"u8.ToArray()));
        Assert.Equal(0, measured.Sum("replies"));
        await pat.AnswersAsync("Better.");
        await app.FailsAsync(Guid.ParseExact(request.Conversation.Split('/')[^1], "N"));

        Assert.Equal(1, measured.Sum("deliveries outcome=accepted"));
        Assert.Equal(1, measured.Sum("deliveries outcome=failed"));
        Assert.Equal(1, measured.Sum("replies"));
        Assert.Equal(1, measured.Sum("files"));
        Assert.Equal(SampleFiles.Pdf().Length, measured.Sum("file.bytes"));
        Assert.Equal(1, measured.Sum("dates_of_birth.refused"));
        Assert.True(measured.Heard("file.check.duration kind=Pdf refused=False"));
    }

    [Fact]
    public async Task What_is_not_saved_is_not_counted()
    {
        await using var app = new TestApp();
        using var measured = new Measured(app);
        var request = await app.AliceAsksAsync();
        var guessers = Enumerable.Range(1, 20).Select(_ => app.NewBrowser()).ToList();
        foreach (var guesser in guessers)
            await guesser.GetAsync(request.Link);
        await Task.WhenAll(guessers.Select((guesser, i) => guesser.GivesDateOfBirthAsync(i + 1, 2, 1982)));

        Assert.Equal(5, measured.Sum("dates_of_birth.refused"));
        Assert.Equal(1, measured.Sum("links.locked"));
    }

    [Fact]
    public async Task The_queue_tells_its_length_and_how_long_its_oldest_message_waits()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var app = new TestApp { Settings = { ["ConnectionStrings:Postgres"] = started.ConnectionString } };
        using var measured = new Measured(app);
        Assert.Equal((0, 0, 0), (measured.Gauge("queue.due"), measured.Gauge("queue.oldest.age"), measured.Gauge("queue.parked")));
        var database = (IDatabase)app.Services.GetService(typeof(IDatabase))!;
        var now = app.Time.GetUtcNow();
        foreach (var due in new[] { now, now.AddSeconds(-4), now.AddHours(1) })
            await database.SaveAsync([new($"insert into {QueuedWork.Waiting}(id, body, status, owner_id, execution_time, message_type) values(@id, '', 'Scheduled', 0, @due, 'Nothing')",
                new Dictionary<string, object?> { ["id"] = Guid.NewGuid(), ["due"] = due })], CancellationToken.None);
        await database.SaveAsync([new($"insert into {QueuedWork.Parked}(id, body, message_type) values(@id, '', 'Nothing')",
            new Dictionary<string, object?> { ["id"] = Guid.NewGuid() })], CancellationToken.None);
        app.Time.Advance(TimeSpan.FromSeconds(1.5));

        Assert.Equal((2, 5.5, 1), (measured.Gauge("queue.due"), measured.Gauge("queue.oldest.age"), measured.Gauge("queue.parked")));

        await database.ExecuteAsync($"drop table {QueuedWork.Waiting}");
        Assert.Equal(2, measured.Gauge("queue.due"));
        app.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(measured.Gauge("queue.due"));
    }
}
