using System.Net;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Web.Requests;

namespace PatientResponse.Infrastructure.Web.Connections;

/// <summary>How many connections there may be, and of them each address's share: one address cannot shut others out. Behind a proxy of
/// ours all come from the proxy, whose share is the whole.</summary>
/// <param name="proxies">Whose connections are not one address's.</param>
internal sealed class ConnectionShares(IReadOnlyList<System.Net.IPNetwork> proxies)
{
    /// <summary>Of all addresses together. Each costs some 20 KB while it is idle.</summary>
    public const int Most = 3_000;

    /// <summary>Of one address: a whole practice may be behind it, with a few for each browser.</summary>
    public const int MostOfOne = 500;

    /// <summary>Kept free for those who have none or few yet, such as whoever asks for our health.</summary>
    public const int Spare = 500;

    private const int Few = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _held = [];
    private int _all;

    /// <returns>Null when there is no room; otherwise what gives the place back.</returns>
    public Action? TryEnter(IPAddress? address)
    {
        var isProxy = address is not null && proxies.Any(network => network.Contains(address) || (address.IsIPv4MappedToIPv6 && network.Contains(address.MapToIPv4())));
        var who = isProxy ? "proxy" : Network.Of(address);
        lock (_gate)
        {
            var held = _held.GetValueOrDefault(who);
            if ((!isProxy && held >= MostOfOne) || (held >= Few && _all >= Most) || _all >= Most + Spare)
                return null;
            (_held[who], _all) = (held + 1, _all + 1);
        }
        return () =>
        {
            lock (_gate)
            {
                _all--;
                if (--_held[who] == 0)
                    _held.Remove(who);
            }
        };
    }
}
