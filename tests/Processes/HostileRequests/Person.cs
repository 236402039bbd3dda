using System.Net;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Processes.HostileRequests;

/// <summary>Somebody who sends requests, with the cookies that they have.</summary>
/// <param name="MaySee">Whether answers may hold what was written between Alice and her patient.</param>
internal sealed record Person(string Name, TestBrowser Browser, bool MaySee)
{
    /// <summary>The cookies that a browser would send there; none where no browser would go.</summary>
    public string CookiesFor(Uri root, string path) => Uri.TryCreate(root, path, out var address) ? Browser.Cookies.GetCookieHeader(address) : "";
}
