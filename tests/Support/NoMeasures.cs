using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using PatientResponse.Infrastructure.Telemetry;

namespace PatientResponse.Tests.Support;

/// <summary>For what counts, where nobody listens.</summary>
public static class NoMeasures
{
    public static Measures New() => new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
}
