using Microsoft.Extensions.Options;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Storage;
using Wolverine.Runtime;

namespace PatientResponse.Infrastructure.Messaging;

public sealed class MessagingOptions
{
    /// <summary>How many messages this process works on at once; 0 leaves the work to other copies.</summary>
    public int Workers { get; set; } = 4;

    /// <summary>How long a process that stops waits for the messages in hand, before it gives them back. At most 20 seconds together with <c>Stopping:Notice</c>.</summary>
    public TimeSpan FinishWithin { get; set; } = TimeSpan.FromSeconds(12);
}

/// <summary>Opens the queue of a process that serves, looks after it, and closes it. Wolverine's own service is started before this one.</summary>
public sealed class QueueService(
    IWolverineRuntime runtime, MessageQueue queue, QueueCare care, Sweeper sweeper, IOptions<MessagingOptions> options, TimeProvider time, ILogger<QueueService> logger)
    : RepeatedService(TimeSpan.FromSeconds(3), time)
{
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Workers == 0)
            return Task.CompletedTask;
        queue.Open(runtime);
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await queue.CloseAsync().WaitAsync(cancellationToken);
    }

    protected override bool BeginsAtOnce => true;

    protected override async Task DoAsync(CancellationToken stopping)
    {
        await care.LookAfterAsync(stopping);
        await sweeper.SweepIfDueAsync(stopping);
    }

    /// <summary>The database is away: it is asked again until it is back.</summary>
    protected override void Failed(Exception e) => logger.LogError("The queue could not be read: {Exception}", e.GetType().Name);
}
