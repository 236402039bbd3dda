using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.ConfirmDob;

/// <summary>Slows down whoever guesses at many links: after 20 wrong dates in an hour from one address every further check
/// from there waits. It never refuses, because a whole town may share one address.</summary>
public sealed class WrongDateBrake(Counters counters, TimeProvider time)
{
    private const int FreeTries = 20;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    public async Task SlowDownAsync(HttpContext context)
    {
        if (await counters.ReadAsync(Key(context), context.RequestAborted) >= FreeTries)
            await Task.Delay(Wait, time, context.RequestAborted);
    }

    public Task CountAsync(HttpContext context) => counters.AddAsync(Key(context), Window, context.RequestAborted);

    private static string Key(HttpContext context) => $"wrong-date/{context.Connection.RemoteIpAddress}";
}
