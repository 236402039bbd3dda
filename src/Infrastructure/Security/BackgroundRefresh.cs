namespace PatientResponse.Infrastructure.Security;

public static class BackgroundRefresh
{
    /// <summary>A page that refreshes itself sends this header: it is no sign that somebody is there.</summary>
    public static bool IsBackgroundRefresh(this HttpRequest request) => request.Headers.ContainsKey("X-Background-Refresh");
}
