using System.Globalization;

namespace PatientResponse.Infrastructure.Web.Requests;

/// <summary>A Host header that names no host is a bad request. The server lets some pass that the framework fails on later.</summary>
public static class RealHosts
{
    public static IApplicationBuilder UseRealHosts(this IApplicationBuilder app) => app.Use((context, next) =>
        // HTTP/1.0 needs none.
        context.Request.Headers.Host.Count == 0 || IsReal(context.Request) ? next(context) : throw new BadHttpRequestException("The Host header names no host."));

    private static bool IsReal(HttpRequest request)
    {
        try
        {
            // Reading it fails for "xn--" before what is no name in Punycode.
            var host = request.Host;
            return !host.HasValue || (Uri.CheckHostName(host.Host) != UriHostNameType.Unknown && HasGoodPort(host.Value, host.Host));
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool HasGoodPort(string whole, string name) =>
        whole.Length == name.Length
        || (whole[name.Length] == ':' && int.TryParse(whole.AsSpan(name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65_535);
}
