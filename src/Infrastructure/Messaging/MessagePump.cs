using Microsoft.Extensions.Options;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Messaging;

public sealed class MessagingOptions
{
    /// <summary>How many messages this process works on at once; 0 leaves the work to other copies.</summary>
    public int Workers { get; set; } = 4;
}

/// <summary>Runs the workers of this process: woken at once by a save, else looking every second.</summary>
public sealed class MessagePump(MessageWorker worker, Sweeper sweeper, WorkerSignal signal, IOptions<MessagingOptions> options, ILogger<MessagePump> logger)
    : BackgroundService
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Value.Workers).Select(_ => Task.Run(() => RunAsync(stoppingToken), stoppingToken)));

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
