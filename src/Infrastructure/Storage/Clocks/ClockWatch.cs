using PatientResponse.Infrastructure.Hosting;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>Checks the clocks every few seconds in a process that serves, so that no wrong time lasts longer.</summary>
public sealed class ClockWatch(Clocks clocks, TimeProvider time, ILogger<ClockWatch> logger) : RepeatedService(TimeSpan.FromSeconds(5), time)
{
    protected override Task DoAsync(CancellationToken stopping) => clocks.CheckAsync(stopping);

    /// <summary>The database is away. Its own alarm says so; the last correction holds.</summary>
    protected override void Failed(Exception e) => logger.LogDebug("The clocks could not be compared: {Exception}", e.GetType().Name);
}
