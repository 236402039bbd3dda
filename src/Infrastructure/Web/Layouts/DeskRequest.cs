using Htmx;

namespace PatientResponse.Infrastructure.Web.Layouts;

/// <summary>The right part of the desk, as htmx asks for it and changes it.</summary>
public static class DeskRequest
{
    /// <summary>The id of the right part.</summary>
    public const string Open = "open";

    /// <summary>Whether the answer takes the place of what is open on a desk.</summary>
    public static bool IsForDesk(this HttpRequest request) =>
        request.IsHtmx() && request.Headers[HtmxRequestHeaders.Keys.Target] == Open;
}
