using System.Net;
using System.Text;

namespace PatientResponse.Tests.Infrastructure.Email;

/// <summary>Gives access tokens, as a test says.</summary>
internal sealed class TokenServer : HttpMessageHandler, IHttpClientFactory
{
    public const string Address = "https://login.example.nhs.uk/token";

    public int Status { get; set; } = 200;

    public string Body { get; set; } = "";

    /// <summary>The forms that came.</summary>
    public List<string> Asked { get; } = [];

    public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Assert.Equal((HttpMethod.Post, Address), (request.Method, request.RequestUri?.ToString()));
        Asked.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
        return new((HttpStatusCode)Status) { Content = new StringContent(Body, Encoding.UTF8, "application/json") };
    }
}
