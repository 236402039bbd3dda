using System.Net;
using System.Net.Sockets;

namespace PatientResponse.Infrastructure.Hosting;

public static class Network
{
    /// <summary>Whom an address belongs to: one IPv4 address, or the /64 that one IPv6 subscriber has all of (RFC 6177).</summary>
    public static string Of(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => $"{address.MapToIPv4()}",
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8)),
        _ => $"{address}",
    };
}
