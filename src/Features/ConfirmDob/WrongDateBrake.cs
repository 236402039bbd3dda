using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.ConfirmDob;

/// <summary>Slows down whoever guesses at many links: after 20 wrong dates in an hour from one address every further check
/// from there waits. It never refuses, because a whole town may share one address.</summary>
public sealed class WrongDateBrake(Counters counters, TimeProvider time, HttpContext context) : IAsyncDisposable
{
    private const int FreeTries = 20;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);
    private readonly string _key = $"wrong-date/{Network.Of(context.Connection.RemoteIpAddress)}";
    private Answer<IReadOnlyList<long>>? _counted;
    private bool _isOwed;

    /// <summary>Counts this check with what it reads, before anybody looks at the count: checks that arrive at once slow each other down.
    /// Links that there are not count for nothing.</summary>
    public void Count(IReading reading, Sought conversation) =>
        _counted = counters.Add(reading, _key, Window, onlyIf: conversation);

    /// <summary>True when it waited.</summary>
    public async Task<bool> SlowDownAsync()
    {
        _isOwed = _counted?.Value is [_];
        if (_counted?.Value is not [> FreeTries])
            return false;
        await Task.Delay(Wait, time, context.RequestAborted);
        return true;
    }

    /// <summary>Saves what came of the check. A right date leaves the count as it was before.</summary>
    public async Task SaveAsync(IDocumentSession session, bool isRight)
    {
        if (_isOwed && isRight)
            session.Enlist(counters.TakeBack(_key));
        // Whoever hangs up may leave us unsure whether it was saved. It is taken back once at most, or guesses would pay for each other.
        var owed = _isOwed;
        _isOwed = false;
        try
        {
            await session.SaveChangesAsync(context.RequestAborted);
        }
        catch (ConcurrencyException)
        {
            _isOwed = owed;
            throw;
        }
    }

    /// <summary>Nothing was compared after all.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isOwed)
            await counters.TakeBackAsync(_key, CancellationToken.None);
    }
}
