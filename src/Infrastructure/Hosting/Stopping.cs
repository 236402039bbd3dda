using Microsoft.Extensions.Options;

namespace PatientResponse.Infrastructure.Hosting;

public sealed class StoppingOptions
{
    /// <summary>How long a process that was told to stop still takes requests while it says that it is not ready, so that a
    /// load balancer sends them elsewhere. At most 10 seconds. Default: 5 seconds, in Development none.</summary>
    public TimeSpan? Notice { get; set; }
}

/// <summary>The end of a process, after SIGTERM: notice, then requests and queued messages come to their end, within 30 seconds in all.</summary>
public static class Stopping
{
    public static void AddStopping(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<StoppingOptions>(builder.Configuration.GetSection("Stopping"));
        builder.Services.Configure<HostOptions>(options =>
        {
            // Below the 30 seconds after which whoever told us to stop loses patience.
            options.ShutdownTimeout = TimeSpan.FromSeconds(25);
            // A slow upload must not use up the time of the queue.
            options.ServicesStopConcurrently = true;
        });
        builder.Services.AddHostedService<Notice>();
    }

    private sealed class Notice(IOptions<StoppingOptions> options, IHostEnvironment environment) : IHostedLifecycleService
    {
        private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

        public Task StoppingAsync(CancellationToken cancellationToken)
        {
            var notice = options.Value.Notice ?? (environment.IsDevelopment() ? TimeSpan.Zero : TimeSpan.FromSeconds(5));
            return Task.Delay(notice < Longest ? notice : Longest, cancellationToken);
        }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
