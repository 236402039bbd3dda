using System.IO.Compression;
using System.Reflection;
using Carter;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Telemetry;
using PatientResponse.Infrastructure.Web.Access;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Connections;
using PatientResponse.Infrastructure.Web.ErrorPages;
using PatientResponse.Infrastructure.Web.Forms;
using PatientResponse.Infrastructure.Web.Languages;
using PatientResponse.Infrastructure.Web.Layouts;
using PatientResponse.Infrastructure.Web.Requests;
using PatientResponse.Infrastructure.Web.Serving;

namespace PatientResponse.Infrastructure.Web;

public static class WebServices
{
    /// <summary>Below these addresses nothing shows without sign-in, not even that a page does not exist.</summary>
    private static readonly string[] StaffAreas = ["/patients", "/conversations", "/templates", "/account", "/practice"];

    public static void AddWeb(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Limits.MaxRequestBodySize = BodyLimit.Default;
        });
        // Answered with a page by Failures, in every environment.
        // Whatever somebody posts to a form of words: never in a file, where it would be in clear.
        services.Configure<FormOptions>(options => (options.MemoryBufferThreshold, options.ValueCountLimit) = ((int)BodyLimit.Default, BodyLimit.MostFields));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.AddConnections();
        services.AddRequestShares();
        builder.AddStopping();
        // Every ICarterModule of this assembly; nothing else is looked through.
        services.AddCarter(new DependencyContextAssemblyCatalog([Assembly.GetExecutingAssembly()]), carter => carter.WithEmptyValidators());
        services.AddSingleton<PublicAddress>();
        // Pages for patients only: docs/decisions.md says why that gives nothing away.
        services.AddResponseCompression(options => (options.EnableForHttps, options.MimeTypes) = (true, ["text/html"]));
        // The fastest level would make the reply screen heavier than its 14 KB, which a phone at the edge of its signal waits for.
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Optimal);
        services.AddSingleton<OfferedLanguages>();
        services.AddScoped<Attention>();
        services.AddSingleton<Readiness>();
        services.AddHostedService<HealthPort>();
        services.AddSingleton<OutageAlarm>();
        services.AddHostedService(provider => provider.GetRequiredService<OutageAlarm>());
        services.Configure<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme,
            options => options.Events.OnRedirectToLogin = context => SignInFirst.AnswerAsync(context.HttpContext));
        services.AddScoped<IReadWithSession>(provider => provider.GetRequiredService<Attention>());
        services.AddSingleton(new OwnClock(TimeProvider.System));
        services.PostConfigure<LoggerFilterOptions>(QuietFramework.Clamp);
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            // Only the address and scheme, only from the proxies named; the host never.
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.KnownIPNetworks.Clear();
            options.KnownProxies.Clear();
            foreach (var network in builder.Configuration.GetSection("Proxy:KnownNetworks").Get<string[]>() ?? [])
                options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
        });
    }

    /// <summary>What every request passes through, outermost first.</summary>
    public static void UseWeb(this WebApplication app)
    {
        app.UseRequestRecord();
        app.UseHeadRequests();
        app.UseArrival();
        app.UseSecurityHeaders();
        if (app.Services.GetRequiredService<IOptions<ForwardedHeadersOptions>>().Value.KnownIPNetworks.Count > 0)
            app.UseForwardedHeaders();
        app.UseWhen(context => context.Request.IsForPatients(), patients => patients.UseResponseCompression());
        app.UseChosenLanguage();
        app.UseFailures();
        app.UseRealHosts();
        app.UseRateLimiter();
        app.UseGluedAddresses();
        app.UseRouting();
        app.UseHeadsOfAssets();
        app.UseAuthentication();
        app.UseBodyLimit();
        app.UseNoNul();
        app.UseAuthorization();
        app.UseSecondFactorFirst();
        app.MapStaticAssets();
        // The framework's own antiforgery check would read a whole upload first; the filter does its work.
        app.MapGroup("").DisableAntiforgery().AddEndpointFilter<AntiforgeryFilter>().AnswerHead().WithMetadata(FingerprintedAssets.Of(app)).MapCarter();
        foreach (var area in StaffAreas)
            app.MapFallback(area + "/{**rest}", UnknownAddress.AnswerAsync).RequireAuthorization();
        app.MapFallback("{**rest}", UnknownAddress.AnswerAsync);
    }
}
