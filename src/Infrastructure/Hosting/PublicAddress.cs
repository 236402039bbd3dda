using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace PatientResponse.Infrastructure.Hosting;

/// <summary>The address that patients and clinicians are given: configured as <c>PublicUrl</c>, never taken from a request.
/// In Development, without a setting, it is where this process listens, or where one that only runs a command would.</summary>
public sealed class PublicAddress(IConfiguration configuration, IServer server)
{
    public string Root => (configuration["PublicUrl"] is { Length: > 0 } configured
        ? configured
        : server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://localhost:5000").TrimEnd('/');

    /// <summary>As people type it: without the scheme.</summary>
    public string Host => new Uri(Root).Authority;

    public string Link(string token) => $"{Root}/r/{token}";

    public string SetPassword(string clinicianId, string token) =>
        $"{Root}/set-password?user={clinicianId}&token={Uri.EscapeDataString(token)}";

    /// <summary>Where Twilio reports what becomes of an attempt.</summary>
    public string TwilioReports(Guid conversation, Guid attempt) => $"{Root}/webhooks/twilio?conversation={conversation:N}&attempt={attempt:N}";

    public string Conversation(Guid id) => $"{Root}/conversations/{id:N}";
}
