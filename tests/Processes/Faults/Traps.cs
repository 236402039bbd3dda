namespace PatientResponse.Tests.Processes.Faults;

/// <summary>What happens when a process reaches a point next: at most one thing at a time.</summary>
internal sealed class Traps
{
    private Trap? _set;

    /// <summary>Sets a trap and waits until it has sprung.</summary>
    /// <param name="process">Whom it is for; null: for the first who gets there.</param>
    /// <param name="springs">Returns whether the bytes may pass on.</param>
    /// <returns>Null where nobody got there in time.</returns>
    public async Task<ProductProcess?> SpringAsync(Point point, ProductProcess? process, Func<ProductProcess, Task<bool>> springs, TimeSpan patience)
    {
        var trap = new Trap(point, process, springs);
        Volatile.Write(ref _set, trap);
        if (await Task.WhenAny(trap.Sprung.Task, Task.Delay(patience)) != trap.Sprung.Task && Interlocked.CompareExchange(ref _set, null, trap) == trap)
            return null;
        return await trap.Sprung.Task;
    }

    public async Task<bool> ReachedAsync(Point point, ProductProcess process)
    {
        if (Volatile.Read(ref _set) is not { } trap || trap.Point != point || (trap.For is not null && trap.For != process)
            || Interlocked.CompareExchange(ref _set, null, trap) != trap)
            return true;
        try
        {
            return await trap.Springs(process);
        }
        finally
        {
            trap.Sprung.SetResult(process);
        }
    }

    private sealed record Trap(Point Point, ProductProcess? For, Func<ProductProcess, Task<bool>> Springs)
    {
        public TaskCompletionSource<ProductProcess> Sprung { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
