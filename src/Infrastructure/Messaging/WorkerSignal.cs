namespace PatientResponse.Infrastructure.Messaging;

/// <summary>Wakes an idle worker of this process as soon as something was queued; other copies poll.</summary>
public sealed class WorkerSignal : IDisposable
{
    private readonly SemaphoreSlim _signal = new(0);

    public void Wake() => _signal.Release();

    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellation) => _signal.WaitAsync(atMost, cancellation);

    public void Dispose() => _signal.Dispose();
}
