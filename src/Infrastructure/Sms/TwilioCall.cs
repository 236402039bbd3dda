using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Twilio.Clients;
using Twilio.Http;
using NetClient = System.Net.Http.HttpClient;

namespace PatientResponse.Infrastructure.Sms;

/// <summary>One call to Twilio: its library builds the request and reads the answer, and what goes over the wire is ours.
/// The library's own transport follows nobody's cancellation, and its exceptions do not tell what had left this machine.</summary>
internal sealed class TwilioCall(NetClient http, TwilioOptions options, TimeProvider time, CancellationToken cancellation) : Twilio.Http.HttpClient
{
    /// <summary>How long one call may take: much shorter than a worker's lease.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>At its debug level, which the environment may set, the library writes addresses to the console, and that of the list names the patient's number.</summary>
    public ITwilioRestClient Client => new TwilioRestClient(options.AccountSid, options.AuthToken, httpClient: this) { LogLevel = null };

    /// <summary>Where not one byte of the form left us, nothing can have been sent.</summary>
    public bool HasBegunToLeave { get; private set; }

    /// <summary>Null when there was no answer, or none that could be read to its end.</summary>
    public HttpStatusCode? Status => LastResponse?.StatusCode;

    public bool IsSuccess => (int?)Status is >= 200 and < 300;

    public TimeSpan? RetryAfter { get; private set; }

    public override Response MakeRequest(Request request) => throw new NotSupportedException("No thread waits for Twilio.");

    public override async Task<Response> MakeRequestAsync(Request request)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        using var message = new HttpRequestMessage(new(request.Method.ToString()), options.BaseUrl.TrimEnd('/') + request.ConstructUrl().PathAndQuery);
        message.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{request.Username}:{request.Password}")));
        if (request.PostParams.Count > 0)
            message.Content = new WatchedForm(request.PostParams, () => HasBegunToLeave = true);
        using var response = await http.SendAsync(message, either.Token);
        var wait = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - time.GetUtcNow() : null;
        RetryAfter = wait > TimeSpan.Zero ? wait : null;
        return LastResponse = new(response.StatusCode, await response.Content.ReadAsStringAsync(either.Token), response.Headers);
    }

    private sealed class WatchedForm(IEnumerable<KeyValuePair<string, string>> fields, Action begun) : FormUrlEncodedContent(fields)
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            begun();
            return base.SerializeToStreamAsync(stream, context, cancellationToken);
        }
    }
}
