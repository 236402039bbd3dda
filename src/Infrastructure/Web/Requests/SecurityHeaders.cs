namespace PatientResponse.Infrastructure.Web.Requests;

/// <summary>The headers of every answer, errors included. Nothing from elsewhere, nothing kept, no framing, no address passed on.</summary>
public static class SecurityHeaders
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " +
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <summary>What no answer goes without, whoever gives it.</summary>
    internal static readonly (string Name, string Value)[] Always =
    [
        ("Content-Security-Policy", ContentSecurityPolicy),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
        ("Cache-Control", "no-store"),
    ];

    /// <summary>For a page whose script shows pictures from the phone that it runs on, before they are sent.</summary>
    public static void AllowPicturesOfThisPhone(HttpResponse response) =>
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy.Replace("img-src 'self'", "img-src 'self' blob:", StringComparison.Ordinal);

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            foreach (var (name, value) in Always)
                if (!IsOfItsOwn(name, headers, context))
                    headers[name] = value;
            // Here, because a failure clears what was set on the way in (RFC 6797, section 7.2: never over http).
            if (context.Request.IsHttps && !context.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment())
                headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
            return Task.CompletedTask;
        });
        return next(context);
    });

    /// <summary>A page may have a policy of its own, and stylesheets and scripts, which change with their address, are kept.</summary>
    private static bool IsOfItsOwn(string header, IHeaderDictionary headers, HttpContext context) => header switch
    {
        "Content-Security-Policy" => headers.ContainsKey(header),
        "Cache-Control" => context.GetEndpoint()?.Metadata.GetMetadata<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>() is not null,
        _ => false,
    };
}
