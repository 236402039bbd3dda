using PatientResponse.Infrastructure.Messaging;

namespace PatientResponse.Infrastructure.Sms;

/// <summary>The carrier that <c>Sms:Provider</c> names.</summary>
public static class SmsSetup
{
    private const string Twilio = "twilio";
    private const string Notify = "notify";

    public static void AddSms(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<DailyCap>();
        services.AddSingleton(UndoTime.Of(builder.Configuration));
        services.AddSingleton<CapturingSmsSender>();
        services.Configure<TwilioOptions>(builder.Configuration.GetSection(TwilioOptions.Section));
        services.AddSingleton<TwilioWebhook>();
        services.Configure<NotifyOptions>(builder.Configuration.GetSection(NotifyOptions.Section));
        services.AddSingleton<NotifyWebhook>();
        services.AddCarrier<TwilioSmsSender>();
        services.AddCarrier<NotifySmsSender>();
        services.AddTransient<ISmsSender>(provider => builder.Configuration["Sms:Provider"] switch
        {
            Twilio => new WatchedSmsSender(provider.GetRequiredService<TwilioSmsSender>(), provider.GetRequiredService<Outages>()),
            Notify => new WatchedSmsSender(provider.GetRequiredService<NotifySmsSender>(), provider.GetRequiredService<Outages>()),
            _ => provider.GetRequiredService<CapturingSmsSender>(),
        });
    }

    private static void AddCarrier<T>(this IServiceCollection services) where T : class => services.AddHttpClient<T>(http =>
        {
            http.MaxResponseContentBufferSize = 1024 * 1024;
            http.Timeout = Timeout.InfiniteTimeSpan; // The sender keeps its own time.
        })
        .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        // They write addresses, and that of a list may name the patient's number.
        .RemoveAllLoggers();

    /// <summary>What is missing or unsafe. In Development a real sender may be tried on a made-up carrier of this machine only.</summary>
    public static IEnumerable<string> Problems(IConfiguration configuration, bool development)
    {
        var provider = configuration["Sms:Provider"];
        if (development)
            return provider switch
            {
                null or "capture" => [],
                Twilio when TwilioOptions.IsOnThisMachine(configuration) => TwilioOptions.Problems(configuration),
                Notify when NotifyOptions.IsOnThisMachine(configuration) => NotifyOptions.Problems(configuration),
                _ => ["Sms:Provider must be 'capture' in Development: nothing may reach a real person."],
            };
        return provider switch
        {
            Twilio => TwilioOptions.Problems(configuration),
            Notify => NotifyOptions.Problems(configuration),
            null or "" or "capture" => ["Sms:Provider must name a real sender: 'capture' keeps messages in memory, for trying out."],
            _ => ["Sms:Provider must be 'twilio' or 'notify'."],
        };
    }
}
