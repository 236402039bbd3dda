namespace PatientResponse.Infrastructure.Hosting;

/// <summary>Where it is found, and where it listens.</summary>
public sealed class AddressSettings : ISettings
{
    public IReadOnlyList<string> Keys => ["PublicUrl"];

    public IEnumerable<string> Problems(IConfiguration settings, Purpose purpose)
    {
        if (purpose.IsProduction && (!Uri.TryCreate(settings["PublicUrl"], UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps))
            yield return "PublicUrl must be the https address that patients and staff use, such as https://reply.example.nhs.uk.";
        if (purpose is { IsProduction: false, Serves: true } && !ListensOnLoopbackOnly(settings))
            yield return "Development listens on loopback only, because its people and password are public: use an address such as http://localhost:5000.";
    }

    private static bool ListensOnLoopbackOnly(IConfiguration settings) =>
        (settings["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Concat(settings.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"] ?? ""))
            .All(address => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.IsLoopback)
        && settings["http_ports"] is null or "" && settings["https_ports"] is null or "";
}
