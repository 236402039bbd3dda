using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Web.Serving;

/// <summary>One thing that has to work. It is tried at most once a second, once at a time, and given up after three: asking
/// often puts no load on it, and one that hangs is not tried again until it has ended.</summary>
/// <param name="isFine">A failure may be thrown as well.</param>
internal sealed class Probe(string name, Func<CancellationToken, Task<bool>> isFine, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(3);
    private readonly Lock _gate = new();
    private DateTimeOffset _begun;
    private Task<bool>? _latest;
    private bool _failed;

    public string Name => name;

    public async Task<bool> IsFineAsync()
    {
        var (latest, left) = Latest();
        try
        {
            return latest.IsCompleted ? await latest : left > TimeSpan.Zero && await latest.WaitAsync(left, time);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private (Task<bool> Latest, TimeSpan Left) Latest()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_latest is null || (_latest.IsCompleted && Kept.HasPassed(_begun, now)))
                (_begun, _latest) = (now, Task.Run(TryAsync));
            return (_latest, _begun + AtMost - now);
        }
    }

    private async Task<bool> TryAsync()
    {
        using var patience = new CancellationTokenSource(AtMost, time);
        try
        {
            return Note(await isFine(patience.Token), "");
        }
        catch (Exception e)
        {
            return Note(false, e.GetType().Name);
        }
    }

    /// <summary>Says in the log when it changes.</summary>
    private bool Note(bool fine, string error)
    {
        if (fine == _failed)
            logger.Log(fine ? LogLevel.Information : LogLevel.Error, "The {Part} is {State} {Exception}", name, fine ? "there again" : "not there", error);
        _failed = !fine;
        return fine;
    }
}
