using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Scan;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Telemetry;

namespace PatientResponse.Infrastructure.Web.Serving;

/// <summary>Calls for the operator when the scanner, the carrier or the mail relay has been away for an hour: once for each outage,
/// whichever copy sees it first. Metrics tell at any time how long each has been away.</summary>
public sealed class OutageAlarm : RepeatedService
{
    /// <summary>Shorter ones end by themselves, and nothing is lost meanwhile.</summary>
    public static readonly TimeSpan After = TimeSpan.FromHours(1);

    private static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    private readonly Outages _outages;
    private readonly IFileScanner _scanner;
    private readonly Counters _counters;
    private readonly TimeProvider _time;
    private readonly MessagingOptions _messaging;
    private readonly ILogger<OutageAlarm> _logger;
    private IReadOnlyList<Outage> _latest = [];

    public OutageAlarm(
        Outages outages, IFileScanner scanner, Counters counters, TimeProvider time, IOptions<MessagingOptions> messaging, IMeterFactory meters, ILogger<OutageAlarm> logger)
        : base(TimeSpan.FromMinutes(1), time)
    {
        (_outages, _scanner, _counters, _time, _messaging, _logger) = (outages, scanner, counters, time, messaging.Value, logger);
        meters.Create(Measures.Meter).CreateObservableGauge(
            "patient_response.outage.age", Ages, "s", "How long scanner, carrier (sms) and relay (email) have been away; 0 while they are there.");
    }

    public override Task StartAsync(CancellationToken cancellationToken) =>
        _messaging.Workers == 0 ? Task.CompletedTask : base.StartAsync(cancellationToken);

    /// <summary>Looks once.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        _latest = await _outages.ReadAsync(cancellation);
        // Nobody may send a file for hours: whether it is back is asked with nothing.
        if (_latest.Any(outage => outage.Of == Outages.Scanner))
        {
            await _scanner.ScanAsync(Stream.Null, cancellation);
            _latest = await _outages.ReadAsync(cancellation);
        }
        foreach (var outage in _latest.Where(outage => _time.GetUtcNow() - outage.Since >= After))
            if (await _counters.AddAsync($"outage/{outage.Of}/{Instant.To(outage.Since)}", Remembered, cancellation) == 1)
                _logger.LogError("The {Part} has been away since {Since:u}", NameOf(outage.Of), outage.Since);
    }

    protected override Task DoAsync(CancellationToken stopping) => LookAsync(stopping);

    protected override void Failed(Exception e) => _logger.LogWarning("Whether anything is away could not be looked up: {Exception}", e.GetType().Name);

    private IEnumerable<Measurement<double>> Ages() =>
        new[] { Outages.Scanner, Outages.Sms, Outages.Email }.Select(who => new Measurement<double>(
            _latest.FirstOrDefault(outage => outage.Of == who) is { } outage ? (_time.GetUtcNow() - outage.Since).TotalSeconds : 0,
            new KeyValuePair<string, object?>("of", who)));

    private static string NameOf(string who) => who switch
    {
        Outages.Scanner => "virus scanner",
        Outages.Sms => "carrier of text messages",
        _ => "mail relay",
    };
}
