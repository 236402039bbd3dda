namespace PatientResponse.Infrastructure.Email;

/// <summary>The mail relay that <c>Email:Provider</c> names.</summary>
public static class EmailSetup
{
    private const string Smtp = "smtp";

    public static void AddEmail(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.Configure<SmtpOptions>(builder.Configuration.GetSection(SmtpOptions.Section));
        services.AddSingleton<CapturingEmailSender>();
        services.AddSingleton<SmtpEmailSender>();
        services.AddSingleton<SmtpTokens>();
        services.AddHttpClient(SmtpTokens.Client, http =>
            {
                http.MaxResponseContentBufferSize = 64 * 1024;
                http.Timeout = Timeout.InfiniteTimeSpan; // The sender keeps its own time.
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
            .RemoveAllLoggers();
        services.AddSingleton<IEmailSender>(provider => builder.Configuration["Email:Provider"] == Smtp
            ? provider.GetRequiredService<SmtpEmailSender>()
            : provider.GetRequiredService<CapturingEmailSender>());
    }

    /// <summary>What is missing or unsafe. In Development a real sender may be tried on a relay of this machine only.</summary>
    public static IEnumerable<string> Problems(IConfiguration configuration, bool development)
    {
        var options = SmtpOptions.Read(configuration);
        return (configuration["Email:Provider"], development) switch
        {
            (null or "capture", true) => [],
            (Smtp, true) when options.IsOnThisMachine => options.Problems(),
            (_, true) => ["Email:Provider must be 'capture' in Development: nothing may reach a real person."],
            (Smtp, false) => options.Problems(),
            (null or "" or "capture", false) => ["Email:Provider must name a real sender: 'capture' keeps messages in memory, for trying out."],
            _ => ["Email:Provider must be 'smtp'."],
        };
    }
}
