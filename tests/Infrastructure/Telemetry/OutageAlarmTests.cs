using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Scan;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Serving;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Telemetry;

/// <summary>The operator is called when somebody whom we depend on has been away for an hour.</summary>
public sealed class OutageAlarmTests : IAsyncDisposable
{
    private const string ScannerAway = "The virus scanner is away.";
    private const string TextsDelayed = "Text messages are delayed.";

    private readonly LogCapture _logs = new();
    private readonly TestApp _app;
    private readonly ScriptedScanner _scanner = new();

    public OutageAlarmTests() => _app = new()
    {
        Replace = services =>
        {
            services.AddSingleton<ILoggerProvider>(_logs);
            services.AddSingleton<IFileScanner>(provider => new WatchedScanner(_scanner, provider.GetRequiredService<Outages>()));
            services.AddSingleton<ISmsSender>(provider => new WatchedSmsSender(new Carrier(this), provider.GetRequiredService<Outages>()));
        },
    };

    private SmsOutcome CarrierSays { get; set; } = new SmsOutcome.Accepted("1");

    private OutageAlarm Alarm => _app.Services.GetRequiredService<OutageAlarm>();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_scanner_that_is_away_for_an_hour_is_told_on_every_page_once_in_the_log_and_in_the_metrics_until_it_is_back()
    {
        var alice = await _app.AliceSignsInAsync();
        using var measured = new Measured(_app);
        var id = await alice.AsksAsync(_app);
        _scanner.Says = _ => ScanOutcome.Unavailable;
        await _app.PatRepliesAsync(id, "My words", ("scan.pdf", SampleFiles.Pdf()));

        await LaterAsync(alice, TimeSpan.FromMinutes(59));
        Assert.DoesNotContain(ScannerAway, (await alice.GetAsync("/account")).Text, StringComparison.Ordinal);
        Assert.Empty(_logs.Errors);

        await LaterAsync(alice, TimeSpan.FromMinutes(1));
        Assert.Contains(ScannerAway, (await alice.GetAsync("/account")).Text, StringComparison.Ordinal);
        Assert.Contains("The virus scanner has been away since", Assert.Single(_logs.Errors), StringComparison.Ordinal);
        Assert.Equal(3_600, measured.Gauge("outage.age of=scanner"));
        Assert.Equal((0, 0), (measured.Gauge("outage.age of=sms"), measured.Gauge("outage.age of=email")));
        await LaterAsync(alice, TimeSpan.FromMinutes(20));
        Assert.Single(_logs.Errors);

        // Nobody sends a file: it is asked all the same.
        _scanner.Says = _ => ScanOutcome.Clean;
        await LaterAsync(alice, TimeSpan.FromMinutes(1));
        Assert.DoesNotContain(ScannerAway, (await alice.GetAsync("/account")).Text, StringComparison.Ordinal);
        Assert.Equal(0, measured.Gauge("outage.age of=scanner"));

        _scanner.Says = _ => ScanOutcome.Unavailable;
        await _app.WithAsync<IFileScanner, ScanOutcome>(scanner => scanner.ScanAsync(Stream.Null));
        await LaterAsync(alice, TimeSpan.FromMinutes(61));
        Assert.Equal(2, _logs.Errors.Count);
    }

    [Fact]
    public async Task A_carrier_that_is_away_for_an_hour_is_told_until_it_takes_a_message()
    {
        var alice = await _app.AliceSignsInAsync();
        CarrierSays = new SmsOutcome.Transient();
        await alice.AsksAsync(_app);
        for (var minutes = 0; minutes < 60; minutes += 20)
        {
            Assert.DoesNotContain(TextsDelayed, (await alice.GetAsync("/account")).Text, StringComparison.Ordinal);
            await LaterAsync(alice, TimeSpan.FromMinutes(20));
        }

        Assert.Contains(TextsDelayed, (await alice.GetAsync("/account")).Text, StringComparison.Ordinal);
        Assert.Contains("The carrier of text messages has been away since", Assert.Single(_logs.Errors), StringComparison.Ordinal);

        CarrierSays = new SmsOutcome.Accepted("1");
        await LaterAsync(alice, TimeSpan.FromMinutes(20));
        await LaterAsync(alice, TimeSpan.FromMinutes(20));
        Assert.DoesNotContain(TextsDelayed, (await alice.GetAsync("/account")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_relay_that_is_away_for_an_hour_is_told_to_the_operator_too()
    {
        await _app.WithAsync<IDatabase, bool>(async database =>
        {
            await database.ExecuteAsync("insert into delayed_messages(id, waits_for, since) values(@id, 'email', @since)",
                ("id", Guid.NewGuid()), ("since", (_app.Time.GetUtcNow() - TimeSpan.FromHours(1)).ToUnixTimeMilliseconds()));
            return true;
        });
        await Alarm.LookAsync(CancellationToken.None);
        await Alarm.LookAsync(CancellationToken.None);
        Assert.Contains("The mail relay has been away since", Assert.Single(_logs.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_copies_that_see_an_outage_one_calls()
    {
        await _app.WithAsync<Outages, bool>(async outages =>
        {
            await outages.NoteAsync(Outages.Sms, isAway: true);
            return true;
        });
        _app.Time.Advance(TimeSpan.FromHours(1));
        var copies = Enumerable.Range(0, 3).Select(_ => ActivatorUtilities.CreateInstance<OutageAlarm>(_app.Services)).ToList();
        await Task.WhenAll(copies.Select(copy => copy.LookAsync(CancellationToken.None)));
        Assert.Single(_logs.Errors);
    }

    private async Task LaterAsync(TestBrowser alice, TimeSpan time)
    {
        // In steps in which a session does not end.
        for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromMinutes(20))
        {
            _app.Time.Advance(left < TimeSpan.FromMinutes(20) ? left : TimeSpan.FromMinutes(20));
            await alice.GetAsync("/account");
        }
        await _app.DoQueuedWorkAsync();
        await Alarm.LookAsync(CancellationToken.None);
    }

    private sealed class Carrier(OutageAlarmTests test) : ISmsSender
    {
        public Task<SmsOutcome> SendAsync(OutgoingSms sms, CancellationToken cancellation) => Task.FromResult(test.CarrierSays);
    }
}
