using System.Net;
using Microsoft.AspNetCore.Connections;

namespace PatientResponse.Infrastructure.Web.Connections;

public static class ConnectionServices
{
    /// <summary>What every connection passes through before the server reads a request from it.</summary>
    public static void AddConnections(this WebApplicationBuilder builder)
    {
        var shares = new ConnectionShares([.. (builder.Configuration.GetSection("Proxy:KnownNetworks").Get<string[]>() ?? [])
            .Select(text => System.Net.IPNetwork.TryParse(text, out var network) ? network : default).Where(network => network != default)]);
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxConcurrentConnections = ConnectionShares.Most + ConnectionShares.Spare;
            options.ConfigureEndpointDefaults(listen => listen.Use(next => connection => PassAsync(connection, next, shares)));
        });
    }

    private static async Task PassAsync(ConnectionContext connection, ConnectionDelegate next, ConnectionShares shares)
    {
        if (shares.TryEnter((connection.RemoteEndPoint as IPEndPoint)?.Address) is not { } leave)
        {
            connection.Abort();
            return;
        }
        try
        {
            connection.Transport = new Duplex(connection.Transport.Input, new ServersOwnAnswers(connection.Transport.Output));
            await next(connection);
        }
        finally
        {
            leave();
        }
    }
}
