using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Files.Sealing;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Scan;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features;

/// <summary>Scans what waits, again and again until the scanner is back. It is never given up: an unscanned file is never opened.</summary>
public static class ScanFilesHandler
{
    public static async Task HandleAsync(
        ScanFiles message, IDocumentSession session, MessageInHand hand, FileIntake files, IFileScanner scanner, TimeProvider time,
        ILogger<FileIntake> logger, CancellationToken cancellation)
    {
        if (await session.Events.FetchForWriting<Conversation>(message.ConversationId, cancellation) is not { Aggregate.HasWaitingFiles: true } stream)
            return;
        var outcomes = await ScanAsync(stream, files, scanner, logger, cancellation);
        session.Forget();
        // Decided again on fresh state if somebody opens the conversation in this very moment: no file is scanned twice for that.
        await session.DecideAsync(async () =>
        {
            if (await session.Events.FetchForWriting<Conversation>(message.ConversationId, cancellation) is not { } fresh)
                return false;
            var (events, messages) = Settle(message, fresh.Aggregate, outcomes, time.GetUtcNow());
            fresh.AppendMany(events);
            session.Publish(messages);
            // In one transaction: a crash in between would leave two of this message.
            await hand.CompleteAsync();
            return true;
        });
    }

    /// <summary>What the scans mean for the files that still wait.</summary>
    /// <param name="outcomes">By file; a file without one was not asked about.</param>
    public static (Events, OutgoingMessages) Settle(
        ScanFiles message, Conversation conversation, IReadOnlyDictionary<Guid, ScanOutcome> outcomes, DateTimeOffset now)
    {
        Events events = [];
        OutgoingMessages messages = [];
        var waiting = conversation.Reply?.Files.Where(file => file.Scan == FileScan.Waiting).ToList() ?? [];
        foreach (var file in waiting)
        {
            switch (outcomes.GetValueOrDefault(file.Id, ScanOutcome.Unavailable))
            {
                case ScanOutcome.Clean:
                    events.Add(new FileScanned(file.Id, now));
                    break;
                case ScanOutcome.Infected:
                    events.Add(new FileFoundInfected(file.Id, now));
                    messages.Add(NotifyRequester.OnceFor(file.Id, conversation.Id, Notice.FileInfected));
                    break;
            }
        }
        if (events.Count < waiting.Count)
            messages.Schedule(message, now + BackOff(now - message.FirstTried));
        return (events, messages);
    }

    /// <summary>As long again as it waits already: at least half a minute, at most five, because a clinician waits for these files.</summary>
    public static TimeSpan BackOff(TimeSpan waited) => TimeSpan.FromSeconds(Math.Clamp(waited.TotalSeconds, 30, 300));

    private static async Task<Dictionary<Guid, ScanOutcome>> ScanAsync(
        IEventStream<Conversation> stream, FileIntake files, IFileScanner scanner, ILogger logger, CancellationToken cancellation)
    {
        var outcomes = new Dictionary<Guid, ScanOutcome>();
        foreach (var file in stream.Aggregate.Reply!.Files.Where(file => file.Scan == FileScan.Waiting))
        {
            try
            {
                await using var content = await files.OpenAsync(stream.Id, stream.DataKey, file.Id, cancellation);
                outcomes[file.Id] = await scanner.ScanAsync(content, cancellation);
                if (outcomes[file.Id] is ScanOutcome.Unavailable or ScanOutcome.NoScanner)
                    break;
            }
            // Erased meanwhile, damaged, or the store is away. The others may be sound, and the store may come back.
            catch (Exception failure) when (failure is IOException or DamagedFileException)
            {
                logger.LogError("File {File} of conversation {Conversation} could not be read for scanning: {Failure}", file.Id, stream.Id, failure.GetType().Name);
            }
        }
        return outcomes;
    }
}
