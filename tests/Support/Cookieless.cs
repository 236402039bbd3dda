using System.Net;

namespace PatientResponse.Tests.Support;

/// <summary>Browsers that keep no cookies: in apps, or told to be strict.</summary>
public static class Cookieless
{
    /// <param name="names">Which cookies are lost; all, if none is named.</param>
    public static TestBrowser NewBrowserWithoutCookies(this TestApp app, params string[] names) =>
        new(new CookieContainer(), new Dropping(app.Server.CreateHandler(), names));

    private sealed class Dropping(HttpMessageHandler inner, string[] names) : DelegatingHandler(inner)
    {
        private const string Header = "Set-Cookie";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (response.Headers.TryGetValues(Header, out var set))
            {
                response.Headers.Remove(Header);
                foreach (var kept in set.Where(cookie => names.Length > 0 && !names.Contains(cookie.Split('=')[0])))
                    response.Headers.TryAddWithoutValidation(Header, kept);
            }
            return response;
        }
    }
}
