using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features.ConfirmDob;

/// <summary>Slows down whoever guesses at many links: after 20 wrong dates in an hour from one address every further check
/// from there waits. It never refuses, because a whole town may share one address.</summary>
public sealed class WrongDateBrake(Counters counters, TimeProvider time)
{
    private const int FreeTries = 20;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>Counts this check before it looks at the count, so that checks which arrive at once slow each other down.</summary>
    public async Task SlowDownAsync(HttpContext context)
    {
        if (await counters.AddAsync(Key(context), Window, context.RequestAborted) > FreeTries)
            await Task.Delay(Wait, time, context.RequestAborted);
    }

    /// <summary>It was no wrong date after all.</summary>
    public Task ForgiveAsync(HttpContext context) => counters.TakeBackAsync(Key(context), CancellationToken.None);

    private static string Key(HttpContext context) => $"wrong-date/{Network.Of(context.Connection.RemoteIpAddress)}";
}
