using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using PatientResponse.Infrastructure.Telemetry;

namespace PatientResponse.Tests.Support;

/// <summary>What one app measures, from now on: other apps of this process have the same names.</summary>
public sealed class Measured : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, double> _sums = [];
    private readonly ConcurrentDictionary<string, double> _latest = [];

    public Measured(TestApp app)
    {
        var scope = app.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Measures.Meter && instrument.Meter.Scope == scope)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Whether there was any value: by the tests' clock nothing takes any time.</summary>
    public bool Heard(string name) => _sums.ContainsKey($"patient_response.{name}");

    /// <summary>The sum of a counter, such as <c>deliveries outcome=failed</c>.</summary>
    public double Sum(string name) => _sums.GetValueOrDefault($"patient_response.{name}");

    /// <summary>What a gauge says now; null when it says nothing.</summary>
    public double? Gauge(string name)
    {
        _latest.Clear();
        _listener.RecordObservableInstruments();
        return _latest.TryGetValue($"patient_response.{name}", out var value) ? value : null;
    }

    public void Dispose() => _listener.Dispose();

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = instrument.Name;
        foreach (var (key, tag) in tags)
            name += $" {key}={tag}";
        _sums.AddOrUpdate(name, value, (_, sum) => sum + value);
        _latest[name] = value;
    }
}
