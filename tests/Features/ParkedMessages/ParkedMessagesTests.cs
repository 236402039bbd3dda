using System.Text.Json;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;
using Wolverine;
using Wolverine.Runtime.Serialization;
using IMessage = PatientResponse.Infrastructure.Storage.IMessage;
using OutgoingMessages = PatientResponse.Infrastructure.Storage.OutgoingMessages;

namespace PatientResponse.Tests.Features.ParkedMessages;

public class ParkedMessagesTests
{
    [Fact]
    public async Task The_operator_sees_what_is_parked_and_puts_it_back_or_throws_it_away()
    {
        await using var installation = await BackedUpInstallation.StartAsync();
        await using var app = installation.App();
        var subject = Guid.NewGuid();
        var (first, second) = (await ParkAsync(app, subject), await ParkAsync(app, subject));
        await PublishAsync(app, new TidyDrafts(subject), app.Time.GetUtcNow() + TimeSpan.FromHours(1));

        var list = await app.CommandAsync("messages", "list");
        Assert.Equal((0, ""), (list.Exit, list.Error));
        Assert.Equal(
            [$"{first}\tTidyDrafts\t2026-03-02T09:30:00Z\t8\tIOException\t{{\"ConversationId\":\"{subject}\"}}", $"{second}\tTidyDrafts\t2026-03-02T09:30:00Z\t8\tIOException\t{{\"ConversationId\":\"{subject}\"}}"],
            list.Output.Split(Environment.NewLine));

        Assert.Equal((0, $"queued\t{first}", ""), await app.CommandAsync("messages", "retry", first));
        Assert.Equal(1, (await app.CommandAsync("messages", "retry", first)).Exit);
        Assert.Equal(1, (await app.CommandAsync("messages", "discard", second)).Exit);
        Assert.Equal(1, (await app.CommandAsync("messages", "discard", second, "--reason", " ")).Exit);
        Assert.Equal((0, $"discarded\t{second}", ""), await app.CommandAsync("messages", "discard", second, "--reason", "no draft of it is left"));
        Assert.Equal(1, (await app.CommandAsync("messages", "discard", second, "--reason", "again")).Exit);
        Assert.Equal((0, "", ""), await app.CommandAsync("messages", "list"));

        Assert.Equal(2, await app.WithAsync<IDatabase, long>(database => database.CountAsync(QueuedWork.Waiting)));
        await app.DoQueuedWorkAsync();
        Assert.Equal(1, await app.WithAsync<IDatabase, long>(database => database.CountAsync(QueuedWork.Waiting)));
        Assert.Equal(["TidyDrafts"], await app.AuditedAsync("retried message"));
        Assert.Equal([$"TidyDrafts {{\"ConversationId\":\"{subject}\"}}: no draft of it is left"], await app.AuditedAsync("discarded message"));
    }

    [Fact]
    public async Task All_can_be_put_back_at_once_and_what_is_not_parked_is_left_alone()
    {
        await using var app = new TestApp();
        var (first, second) = (await ParkAsync(app, Guid.NewGuid()), await ParkAsync(app, Guid.NewGuid()));
        await PublishAsync(app, new TidyDrafts(Guid.NewGuid()), app.Time.GetUtcNow() + TimeSpan.FromHours(1));
        var waiting = await app.WithAsync<IDatabase, string>(database => database.ScalarAsync<string>($"select id::text from {QueuedWork.Waiting}"));

        Assert.Equal(1, (await app.CommandAsync("messages", "discard", waiting, "--reason", "by mistake")).Exit);
        Assert.Equal(1, (await app.CommandAsync("messages", "retry")).Exit);
        Assert.Equal(1, (await app.CommandAsync("messages", "retry", first, "--all")).Exit);
        Assert.Equal((0, $"queued\t{first}{Environment.NewLine}queued\t{second}", ""), await app.CommandAsync("messages", "retry", "--all"));
        Assert.Equal(3, await app.WithAsync<IDatabase, long>(database => database.CountAsync(QueuedWork.Waiting)));
        Assert.Contains("--reason", (await app.CommandAsync("messages", "discard", "--help")).Output, StringComparison.Ordinal);
    }

    /// <summary>A message that was tried as often as one is.</summary>
    private static async Task<string> ParkAsync(TestApp app, Guid subject)
    {
        var message = new TidyDrafts(subject);
        var envelope = new Envelope(message)
        {
            Id = Guid.CreateVersion7(),
            Attempts = 8,
            Destination = new("local://messages/"),
            ContentType = "application/json",
            Data = JsonSerializer.SerializeToUtf8Bytes(message),
        };
        await app.WithAsync<IDatabase, bool>(async database =>
        {
            await database.ExecuteAsync(
                $"insert into {QueuedWork.Parked}(id, body, message_type, execution_time, exception_message, replayable) values(@id, @body, @type, @at, 'IOException', false)",
                ("id", envelope.Id), ("body", EnvelopeSerializer.Serialize(envelope)), ("type", envelope.MessageType), ("at", app.Time.GetUtcNow()));
            return true;
        });
        return envelope.Id.ToString("N");
    }

    private static Task PublishAsync(TestApp app, IMessage message, DateTimeOffset due) => app.WithAsync<IDocumentSession, bool>(async session =>
    {
        session.Publish([new OutgoingMessages.Envelope(message, due)]);
        await session.SaveChangesAsync();
        return true;
    });
}
