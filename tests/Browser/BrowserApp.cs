using System.Net;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Browser;

/// <summary>The product on a real port, for a real browser. It starts at first use.</summary>
public sealed class BrowserApp : TestApp
{
    private readonly Lazy<Uri> _address;
    private readonly bool _isLive;

    /// <param name="isLive">With the real clock and workers that send by themselves, as a person runs it. Otherwise the
    /// clock stands still, and messages wait for <see cref="TestApp.DoQueuedWorkAsync"/>.</param>
    public BrowserApp(bool isLive = false)
    {
        _isLive = isLive;
        if (isLive)
            Settings["Messaging:Workers"] = "2";
        UsePort();
        _address = new(() =>
        {
            StartServer();
            return ClientOptions.BaseAddress;
        });
    }

    public Uri Address => _address.Value;

    protected override TimeProvider Clock => _isLive ? TimeProvider.System : Time;

    public override TestBrowser NewBrowser() =>
        new(new CookieContainer(), new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }, Address);

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureServices(services => services.AddSingleton<IComponentActivator, PageNames>());
    }

    /// <summary>Says in a header of which pages an answer was made, so that <see cref="Manifest"/> knows that none was left out.</summary>
    internal sealed class PageNames(IHttpContextAccessor http) : IComponentActivator
    {
        public const string Header = "x-test-pages";

        public static readonly IReadOnlyList<string> All =
            [.. typeof(Program).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IComponent)) && IsPage(type)).Select(type => type.Name)];

        public IComponent CreateInstance(Type componentType)
        {
            if (IsPage(componentType))
                http.HttpContext!.Response.Headers.Append(Header, componentType.Name);
            return (IComponent)Activator.CreateInstance(componentType)!;
        }

        private static bool IsPage(Type type) =>
            type.Name.EndsWith("Page", StringComparison.Ordinal) || type.Name.EndsWith("Done", StringComparison.Ordinal);
    }
}
