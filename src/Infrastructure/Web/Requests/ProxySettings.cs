using PatientResponse.Infrastructure.Hosting;

namespace PatientResponse.Infrastructure.Web.Requests;

/// <summary>Whose word about addresses is believed.</summary>
public sealed class ProxySettings : ISettings
{
    public IReadOnlyList<string> Keys => ["Proxy:KnownNetworks:*"];

    public IEnumerable<string> Problems(IConfiguration settings, Purpose purpose) =>
        (settings.GetSection("Proxy:KnownNetworks").Get<string[]>() ?? []).Where(network => !System.Net.IPNetwork.TryParse(network, out _))
            .Select(network => $"Proxy:KnownNetworks: '{network}' is not a network such as 10.0.0.0/8.");
}
