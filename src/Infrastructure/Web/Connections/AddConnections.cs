using Microsoft.AspNetCore.Connections;

namespace PatientResponse.Infrastructure.Web.Connections;

public static class ConnectionServices
{
    /// <summary>What every connection passes through before the server reads a request from it.</summary>
    public static void AddConnections(this WebApplicationBuilder builder) => builder.WebHost.ConfigureKestrel(options =>
    {
        options.AddServerHeader = false;
        options.ConfigureEndpointDefaults(listen => listen.Use(next => connection =>
        {
            connection.Transport = new Duplex(connection.Transport.Input, new ServersOwnAnswers(connection.Transport.Output));
            return next(connection);
        }));
    });
}
