using PatientResponse.Infrastructure.Files;
using PatientResponse.Infrastructure.Security;

namespace PatientResponse.Infrastructure.Web;

/// <summary>What is missing or unsafe, found before anything starts, and all of it at once.</summary>
public static class StartChecks
{
    public static IReadOnlyList<string> Problems(IConfiguration configuration, IHostEnvironment environment) =>
        [.. environment.IsDevelopment() ? Development(configuration) : Production(configuration), .. S3Settings.Problems(configuration, !environment.IsDevelopment())];

    /// <summary>The same for an operator's command, which sends nothing.</summary>
    public static IReadOnlyList<string> ProblemsOfCommands(IConfiguration configuration, IHostEnvironment environment) =>
        [.. environment.IsDevelopment() ? [] : AddressAndKey(configuration)];

    private static IEnumerable<string> Development(IConfiguration configuration)
    {
        var addresses = (configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Concat(configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"] ?? ""));
        if (addresses.Any(address => !IsLoopback(address)) || configuration["http_ports"] is { Length: > 0 } || configuration["https_ports"] is { Length: > 0 })
            yield return "Development listens on loopback only, because its people and password are public: use an address such as http://localhost:5000.";
        foreach (var sender in Senders.Where(sender => configuration[sender] is { } chosen && chosen != "capture"))
            yield return $"{sender} must be 'capture' in Development: nothing may reach a real person.";
    }

    private static IEnumerable<string> Production(IConfiguration configuration) =>
        AddressAndKey(configuration).Concat(Senders.Where(sender => configuration[sender] is null or "" or "capture")
            .Select(sender => $"{sender} must name a real sender: 'capture' keeps messages in memory, for trying out."));

    private static IEnumerable<string> AddressAndKey(IConfiguration configuration)
    {
        if (!Uri.TryCreate(configuration["PublicUrl"], UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps)
            yield return "PublicUrl must be the https address that patients and staff use, such as https://reply.example.nhs.uk.";
        if (MasterKey.Parse(configuration["Encryption:MasterKey"] ?? "") is null)
            yield return "Encryption:MasterKey must be 32 random bytes in base64, for example from: openssl rand -base64 32.";
    }

    private static readonly string[] Senders = ["Sms:Provider", "Email:Provider"];

    private static bool IsLoopback(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.IsLoopback;
}
