using Microsoft.Extensions.DependencyInjection;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Tests.Support;

/// <summary>Holds one save or read back, right before it begins, so that a test decides who comes first.</summary>
public sealed class HeldSave
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Func<Change, bool>? _which;
    private Func<string, bool>? _whichRead;
    private int _saves;

    /// <summary>How often something was saved; each is one transaction and one round trip.</summary>
    public int Saves => Volatile.Read(ref _saves);

    /// <summary>Put in front of the app's database; before its first use.</summary>
    public void Use(IServiceCollection services)
    {
        var real = services.Single(service => service.ServiceType == typeof(IDatabase));
        services.Remove(real);
        services.AddSingleton<IDatabase>(provider => new Database((IDatabase)real.ImplementationFactory!(provider), this));
    }

    /// <summary>Holds the next save that makes such a change.</summary>
    public void HoldNext(Func<Change, bool> which) => _which = which;

    /// <summary>Holds the next read whose SQL, or what it reads, is such.</summary>
    public void HoldNextRead(Func<string, bool> which) => _whichRead = which;

    /// <summary>Completes when it is held.</summary>
    public Task Reached => _reached.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public void Release() => _released.TrySetResult();

    private Task PassAsync(IReadOnlyList<Change> changes) =>
        _which is { } which && changes.Any(which) && Interlocked.Exchange(ref _which, null) is not null ? HoldAsync() : Task.CompletedTask;

    private Task PassAsync(string sql) =>
        _whichRead is { } which && which(sql) && Interlocked.Exchange(ref _whichRead, null) is not null ? HoldAsync() : Task.CompletedTask;

    private Task HoldAsync()
    {
        _reached.SetResult();
        return _released.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private sealed class Database(IDatabase real, HeldSave held) : DatabaseInFront(real)
    {
        protected override Task BeforeReadAsync(string what) => held.PassAsync(what);

        protected override Task BeforeSaveAsync(IReadOnlyList<Change> changes)
        {
            Interlocked.Increment(ref held._saves);
            return held.PassAsync(changes);
        }
    }
}
