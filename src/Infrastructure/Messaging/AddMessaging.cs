using Npgsql;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Telemetry;
using Wolverine;

namespace PatientResponse.Infrastructure.Messaging;

public static class MessagingServices
{
    /// <summary>The queue: Wolverine's, in our database.</summary>
    public static void AddMessaging(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<MessagingOptions>(builder.Configuration.GetSection("Messaging"));
        builder.Services.AddMessageHandling();
        builder.Services.AddSingleton<QueueCare>();
        builder.Services.AddSingleton<Outages>();
        builder.Services.AddHostedService<QueueService>();
        builder.Services.AddHostedService<QueueGauge>();
        builder.Services.AddHostedService<ClockGauge>();
    }

    /// <summary>Wolverine with our handlers, and what they work with.</summary>
    public static void AddMessageHandling(this IServiceCollection services, Action<WolverineOptions>? more = null)
    {
        services.AddSingleton<MessageQueue>();
        services.AddSingleton<IOutbox>(provider => provider.GetRequiredService<MessageQueue>());
        services.AddSingleton<FailedMessages>();
        services.AddScoped<MessageInHand>();
        services.AddSingleton(provider => MessageStore.Open(
            provider.GetKeyedService<NpgsqlDataSource>(MessageStore.Connections) ?? provider.GetRequiredService<NpgsqlDataSource>(), provider));
        services.AddSingleton<IWolverineExtension, WolverineSettings>();
        services.AddWolverine(ExtensionDiscovery.ManualOnly, options =>
        {
            options.ApplicationAssembly = typeof(Program).Assembly;
            // During an upgrade a copy may find a message that only newer ones know.
            options.UnknownMessageBehavior = UnknownMessageBehavior.DeadLetterQueue;
            more?.Invoke(options);
        });
    }
}
