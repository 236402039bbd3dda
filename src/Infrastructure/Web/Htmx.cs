namespace PatientResponse.Infrastructure.Web;

/// <summary>What htmx says of itself, in the words of the Htmx package.</summary>
public static class HtmxExtensions
{
    public static bool IsHtmx(this HttpRequest request) => request.Headers.ContainsKey("HX-Request");

    /// <summary>A page that refreshes itself sends this header: it is no sign that somebody is there.</summary>
    public static bool IsBackgroundRefresh(this HttpRequest request) => request.Headers.ContainsKey("X-Background-Refresh");
}
