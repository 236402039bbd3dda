using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using PatientResponse.Tests.Support;
using RazorSlices;

namespace PatientResponse.Tests.Browser;

/// <summary>The product on a real port, for a real browser. It starts at first use.</summary>
public sealed class BrowserApp : TestApp
{
    private readonly bool _isLive;

    /// <param name="isLive">With the real clock and workers that send by themselves, as a person runs it. Otherwise the
    /// clock stands still, and messages wait for <see cref="TestApp.DoQueuedWorkAsync"/>.</param>
    public BrowserApp(bool isLive = false)
    {
        _isLive = isLive;
        if (isLive)
            Settings["Messaging:Workers"] = "2";
        UsePort();
    }

    protected override TimeProvider Clock => _isLive ? TimeProvider.System : Time;

    public override TestBrowser NewBrowser() =>
        new(new CookieContainer(), new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }, Address);

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureServices(services => services.AddSingleton<IStartupFilter, PageNames>());
    }

    /// <summary>Says in a header of which page an answer was made, so that <see cref="Manifest"/> knows that none was left out.</summary>
    internal sealed class PageNames : IStartupFilter
    {
        public const string Header = "x-test-page";

        public static readonly IReadOnlyList<string> All =
            [.. typeof(Program).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(RazorSlice)) && !type.IsAbstract).Select(Name).Where(IsPage)];

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, rest) =>
            {
                context.Response.OnStarting(() =>
                {
                    if (context.Features.Get<RazorSlice>() is { } slice && IsPage(Name(slice.GetType())))
                        context.Response.Headers[Header] = Name(slice.GetType());
                    return Task.CompletedTask;
                });
                return rest(context);
            });
            next(app);
        };

        /// <summary>A slice's class is called by its folder and its file: src_Features_Home_HomePage.</summary>
        private static string Name(Type slice) => slice.Name[(slice.Name.LastIndexOf('_') + 1)..];

        private static bool IsPage(string name) => name.EndsWith("Page", StringComparison.Ordinal) || name.EndsWith("Done", StringComparison.Ordinal);
    }
}
