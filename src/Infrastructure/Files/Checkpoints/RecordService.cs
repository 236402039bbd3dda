using Microsoft.Extensions.Options;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Files.Checkpoints;

/// <summary>Keeps the record while a process serves, and once more when it has stopped.</summary>
public sealed class RecordService(RecordKeeper keeper, IOptions<MessagingOptions> messaging, TimeProvider time)
    : RepeatedService(TimeSpan.FromSeconds(20), time), IHostedLifecycleService
{
    public override Task StartAsync(CancellationToken cancellationToken) =>
        messaging.Value.Workers == 0 ? Task.CompletedTask : base.StartAsync(cancellationToken);

    /// <summary>After everything else of this process has stopped.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken) => keeper.EndAsync();

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override Task DoAsync(CancellationToken stopping) => keeper.KeepAsync(isEnd: false, stopping);

    protected override void Failed(Exception e) => keeper.Failed(e);
}

/// <summary>What the checkpoints say is known before the first request. A database that lacks it is served all the same, and reported.</summary>
public sealed class RecordCheckedFirst(RecordKeeper keeper, Chain chain) : IBeforeServing
{
    public async Task<string?> PrepareAsync(CancellationToken cancellation)
    {
        try
        {
            var outside = await keeper.LearnAsync(cancellation);
            if ((await chain.ExtendAsync(cancellation)).Newest is { } newest)
                await keeper.IsGoneOnFromAsync(outside, newest, cancellation);
        }
        catch (Exception e) when (e is DamagedException or FileStoreUnavailableException)
        {
            keeper.Failed(e);
        }
        return null;
    }
}
