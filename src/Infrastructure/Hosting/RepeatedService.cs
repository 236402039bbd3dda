namespace PatientResponse.Infrastructure.Hosting;

/// <summary>Does something again and again, as long as the process serves. What fails is tried again the next time.</summary>
public abstract class RepeatedService(TimeSpan every, TimeProvider time) : BackgroundService
{
    /// <summary>The first time when the process starts, and not only after the first wait.</summary>
    protected virtual bool BeginsAtOnce => false;

    protected abstract Task DoAsync(CancellationToken stopping);

    /// <summary>To be logged.</summary>
    protected abstract void Failed(Exception e);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every, time);
        try
        {
            for (var isDue = BeginsAtOnce || await timer.WaitForNextTickAsync(stoppingToken); isDue; isDue = await timer.WaitForNextTickAsync(stoppingToken))
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
            await DoAsync(stopping);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            Failed(e);
        }
    }
}
