using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

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
            options.ConfigureEndpointDefaults(listen =>
            {
                listen.Use(next => connection => PassAsync(connection, next, shares));
                listen.UseOwnAnswers();
            });
        });
    }

    /// <summary>The security headers also in what the server answers by itself.</summary>
    public static void UseOwnAnswers(this ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Transport = new Duplex(connection.Transport.Input, new ServersOwnAnswers(connection.Transport.Output));
        return next(connection);
    });

    private static async Task PassAsync(ConnectionContext connection, ConnectionDelegate next, ConnectionShares shares)
    {
        if (shares.TryEnter((connection.RemoteEndPoint as IPEndPoint)?.Address) is not { } leave)
        {
            connection.Abort();
            return;
        }
        try
        {
            await next(connection);
        }
        finally
        {
            leave();
        }
    }
}
