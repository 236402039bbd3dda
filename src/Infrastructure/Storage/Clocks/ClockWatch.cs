namespace PatientResponse.Infrastructure.Storage;

/// <summary>Checks the clocks every few seconds in a process that serves, so that no wrong time lasts longer.</summary>
public sealed class ClockWatch(Clocks clocks, TimeProvider time, ILogger<ClockWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task TryAsync(CancellationToken stopping)
    {
        try
        {
            await clocks.CheckAsync(stopping);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            // The database is away. Its own alarm says so; the last correction holds.
            logger.LogDebug("The clocks could not be compared: {Exception}", e.GetType().Name);
        }
    }
}
