using Microsoft.Extensions.Options;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Messaging;

public sealed class MessagingOptions
{
    /// <summary>How many messages this process works on at once; 0 leaves the work to other copies.</summary>
    public int Workers { get; set; } = 4;

    /// <summary>How long a process that stops waits for the messages in hand, before it gives them back. At most 20 seconds together with <c>Stopping:Notice</c>.</summary>
    public TimeSpan FinishWithin { get; set; } = TimeSpan.FromSeconds(12);
}

/// <summary>Runs the workers of this process: woken at once by a save, else looking every second.</summary>
public sealed class MessagePump(
    MessageWorker worker, Sweeper sweeper, WorkerSignal signal, IOptions<MessagingOptions> options, IHostApplicationLifetime lifetime, ILogger<MessagePump> logger)
    : BackgroundService
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GivingBack = TimeSpan.FromSeconds(3);

    /// <summary>Waits for what is in hand; what takes too long is given back, so that the next process need not wait for its lease.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.Value.FinishWithin);
        await base.StopAsync(patience.Token);
        try
        {
            await worker.ReleaseAsync().WaitAsync(GivingBack, CancellationToken.None);
        }
        catch (Exception e)
        {
            logger.LogError("What is in hand could not be given back: {Exception}", e.GetType().Name);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // From the first word of stopping on nothing new is begun; other copies go on.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        await Task.WhenAll(Enumerable.Range(0, options.Value.Workers).Select(_ => Task.Run(() => RunAsync(stopping.Token), CancellationToken.None)));
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                while (await worker.ProcessOneAsync(stopping)) { }
                await sweeper.SweepIfDueAsync(stopping);
                await signal.WaitAsync(Idle, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The database is away: it is asked again until it is back.
                logger.LogError("The queue could not be read: {Exception}", e.GetType().Name);
                await Task.Delay(Idle, stopping).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }
}
