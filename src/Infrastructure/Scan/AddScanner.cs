using PatientResponse.Infrastructure.Messaging;

namespace PatientResponse.Infrastructure.Scan;

public static class ScannerExtensions
{
    /// <summary>ClamAV where its address is set, else content checks only.</summary>
    public static void AddScanner(this IServiceCollection services, IConfiguration configuration)
    {
        if (ClamAvOptions.From(configuration) is { } options)
            services.AddSingleton<IFileScanner>(provider => new WatchedScanner(ActivatorUtilities.CreateInstance<ClamAvScanner>(provider, options), provider.GetRequiredService<Outages>()));
        else
            services.AddSingleton<IFileScanner, ContentChecksOnly>();
    }
}
