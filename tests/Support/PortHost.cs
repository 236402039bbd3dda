using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace PatientResponse.Tests.Support;

/// <summary>The product on a free port of this machine, for whoever needs one: a real browser, other processes, Kestrel's own limits.</summary>
internal sealed class PortHost : WebApplicationFactory<Program>
{
    private readonly Action<IWebHostBuilder> _configure;

    private PortHost(Action<IWebHostBuilder> configure) => _configure = configure;

    public Uri Address => ClientOptions.BaseAddress;

    public static PortHost Start(Action<IWebHostBuilder> configure)
    {
        var host = new PortHost(configure);
        host.UseKestrel();
        host.StartServer();
        return host;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        // UseKestrel(0) says so too late now and then: dotnet/aspnetcore, pull request 67714.
        builder.UseSetting("urls", "http://127.0.0.1:0");
        _configure(builder);
    }
}
