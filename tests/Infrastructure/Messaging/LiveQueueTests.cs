using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Email;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Processes;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Messaging;

/// <summary>With Wolverine's own workers and timers, at the machine's time.</summary>
public class LiveQueueTests
{
    private static readonly bool Measures = Environment.GetEnvironmentVariable("TEST_MEASURE") == "1";

    [Fact]
    public async Task Messages_are_begun_right_after_their_save_and_later_ones_when_they_are_due()
    {
        await using var app = new LiveApp();
        await app.PublishAsync(Guid.NewGuid(), TimeSpan.Zero);
        await ServedApp.UntilAsync(() => app.Begun.Count == 1, "the first message is done");
        var waits = new List<double>();
        for (var n = 0; n < (Measures ? 300 : 5); n++)
            waits.Add(await app.MeasureAsync(TimeSpan.Zero));
        var late = new List<double>();
        for (var n = 0; n < (Measures ? 20 : 1); n++)
            late.Add(await app.MeasureAsync(TimeSpan.FromMilliseconds(1_000 + 37 * n)));

        Assert.All(late, wait => Assert.True(wait >= 0, "It was not done before its time."));
        Assert.True(waits.Order().ElementAt(waits.Count / 2) < 1_000, "It does not wait for somebody who looks now and then.");
        Assert.True(late.Max() < 10_000, $"It was late by {late.Max()} ms.");
        await ServedApp.UntilAsync(async () => await app.Services.GetRequiredService<IDatabase>().CountAsync(QueuedWork.Waiting) == 0, "the queue is empty");
        if (!Measures)
            return;
        var clock = Stopwatch.StartNew();
        await app.PublishManyAsync(1_000);
        await ServedApp.UntilAsync(async () => await app.Services.GetRequiredService<IDatabase>().CountAsync(QueuedWork.Waiting) == 0, "the queue is empty");
        Assert.Fail($"1,000 in {clock.ElapsedMilliseconds} ms; begun after p50 {P(waits, 50)} p99 {P(waits, 99)} ms; late by p50 {P(late, 50)} p99 {P(late, 99)} ms");
    }

    private static string P(List<double> all, int percent) => all.Order().ElementAt(Math.Min(all.Count - 1, all.Count * percent / 100)).ToString("0.0", null);

    private sealed class LiveApp : TestApp, IEmailSender
    {
        public LiveApp()
        {
            Settings["Messaging:Workers"] = "4";
            Replace = services => services.Replace(ServiceDescriptor.Singleton<IEmailSender>(this));
        }

        public ConcurrentDictionary<string, long> Begun { get; } = [];

        protected override TimeProvider Clock => TimeProvider.System;

        public async Task PublishAsync(Guid notice, TimeSpan later)
        {
            StartServer();
            await WithAsync<IDocumentSession, bool>(async session =>
            {
                var person = (await session.ListAsync<Clinician>())[0];
                session.Publish([new OutgoingMessages.Envelope(new FactorChanged(person.Id, FactorChange.PasskeyAdded, notice), later == TimeSpan.Zero ? null : DateTimeOffset.UtcNow + later)]);
                await session.SaveChangesAsync();
                return true;
            });
        }

        public Task PublishManyAsync(int count) => WithAsync<IDocumentSession, bool>(async session =>
        {
            var person = (await session.ListAsync<Clinician>())[0];
            for (var n = 1; n <= count; n++)
            {
                session.Publish(new() { new FactorChanged(person.Id, FactorChange.PasskeyAdded, Guid.NewGuid()) });
                if (n % 10 == 0)
                    await session.SaveChangesAsync();
            }
            return true;
        });

        /// <returns>Milliseconds from when it was saved, or due, until its handler sent the email.</returns>
        public async Task<double> MeasureAsync(TimeSpan later)
        {
            var notice = Guid.NewGuid();
            var id = notice.ToString("N");
            var began = Stopwatch.GetTimestamp();
            await PublishAsync(notice, later);
            var saved = later == TimeSpan.Zero ? Stopwatch.GetTimestamp() : began;
            await ServedApp.UntilAsync(() => Begun.Keys.Any(key => key.Contains(id, StringComparison.Ordinal)), "the message is done");
            return Stopwatch.GetElapsedTime(saved, Begun.Single(begun => begun.Key.Contains(id, StringComparison.Ordinal)).Value).TotalMilliseconds - later.TotalMilliseconds;
        }

        public Task SendAsync(OutgoingEmail email, CancellationToken cancellation)
        {
            Begun.TryAdd(email.MessageId, Stopwatch.GetTimestamp());
            return Task.CompletedTask;
        }
    }
}
