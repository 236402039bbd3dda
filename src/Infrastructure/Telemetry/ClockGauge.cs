using System.Diagnostics.Metrics;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Telemetry;

/// <summary>Whether this copy believes the clocks.</summary>
public sealed class ClockGauge : IHostedService
{
    public ClockGauge(Clocks clocks, IMeterFactory meters) => meters.Create(Measures.Meter).CreateObservableGauge(
        "patient_response.clock.doubt", () => clocks.Doubt == ClockDoubt.None ? 0L : 1L, unit: null,
        "1 while the clocks do not agree or have jumped: nothing is erased, expired or tidied by time.");

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
