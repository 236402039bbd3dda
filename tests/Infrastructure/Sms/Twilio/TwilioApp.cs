using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Sms.Twilio;

/// <summary>The whole product, with Twilio as its carrier. <see cref="Log"/> holds all that it would log at the most talkative setting.</summary>
public sealed class TwilioApp : TestApp
{
    public const string Public = "https://reply.example.nhs.uk";

    private TwilioApp(TwilioCounterpart twilio, FakeAccount account, string address)
    {
        (Twilio, Account) = (twilio, account);
        Account.Clock = Time;
        Settings["PublicUrl"] = Public;
        Settings["Sms:Provider"] = "twilio";
        Settings["Twilio:BaseUrl"] = address;
        Settings["Twilio:AccountSid"] = Account.Sid;
        Settings["Twilio:AuthToken"] = Account.Token;
        Settings["Twilio:From"] = "+447700900999";
        Settings["Logging:LogLevel:Default"] = "Trace";
        Settings["Logging:LogLevel:System.Net.Http"] = "Trace";
        Replace = services => services.AddSingleton<ILoggerProvider>(Log);
    }

    public TwilioCounterpart Twilio { get; }
    public FakeAccount Account { get; }
    public LogCapture Log { get; } = new();

    /// <summary>Through the proxy that knows what Twilio allows.</summary>
    public static async Task<TwilioApp> StartAsync(TwilioCounterpart twilio) =>
        new(twilio, (await twilio.CarrierAsync()).NewAccount(), await twilio.ProxyAsync());

    /// <summary>Straight to the made-up carrier: a proxy would answer for a connection that breaks.</summary>
    public static async Task<TwilioApp> StartDirectlyAsync(TwilioCounterpart twilio)
    {
        var carrier = await twilio.CarrierAsync();
        return new(twilio, carrier.NewAccount(), carrier.Address);
    }

    /// <summary>With a carrier at an address of the test's own.</summary>
    public static TwilioApp StartAt(TwilioCounterpart twilio, string address) => new(twilio, new(), address);

    /// <summary>Twilio reports, signed by its own library.</summary>
    public async Task<HttpStatusCode> ReportsAsync(FakeMessage message, string status, int? errorCode = null)
    {
        var answer = await SendReportAsync(message, Fields(message, status, errorCode));
        await DoQueuedWorkAsync();
        return answer;
    }

    /// <param name="signedFor">Where Twilio is said to have sent it; where it should, if not said.</param>
    /// <param name="sent">What arrives, where it is not what was signed.</param>
    public async Task<HttpStatusCode> SendReportAsync(
        FakeMessage message, IReadOnlyDictionary<string, string> fields, string? signedFor = null, string? host = null, IReadOnlyDictionary<string, string>? sent = null)
    {
        var callback = new Uri(message.Fields["StatusCallback"]);
        var signature = await Twilio.SignAsync(Account.Token, signedFor ?? callback.ToString(), fields);
        return await PostAsync(callback.PathAndQuery, signature, sent ?? fields, host);
    }

    public async Task<HttpStatusCode> PostAsync(string path, string? signature, IReadOnlyDictionary<string, string> fields, string? host = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "http://localhost" + path) { Content = new FormUrlEncodedContent(fields) };
        if (signature is not null)
            request.Headers.Add(TwilioSignature.Header, signature);
        if (host is not null)
        {
            request.Headers.Host = host;
            request.Headers.Add("X-Forwarded-Host", host);
        }
        return (await NewBrowser().SendAsync(request)).StatusCode;
    }

    public Dictionary<string, string> Fields(FakeMessage message, string status, int? errorCode = null)
    {
        var fields = new Dictionary<string, string>
        {
            ["MessageSid"] = message.Sid,
            ["SmsSid"] = message.Sid,
            ["MessageStatus"] = status,
            ["SmsStatus"] = status,
            ["To"] = message.Fields["To"],
            ["From"] = "Riverside",
            ["AccountSid"] = Account.Sid,
            ["ApiVersion"] = "2010-04-01",
            ["RawDlrDoneDate"] = "",
        };
        if (errorCode is not null)
            fields["ErrorCode"] = $"{errorCode}";
        return fields;
    }

    /// <summary>Lets time pass in small steps, with a worker at work all the while.</summary>
    public async Task WaitAsync(TimeSpan time)
    {
        for (var step = TimeSpan.FromSeconds(time > TimeSpan.FromHours(1) ? 60 : 10); time > TimeSpan.Zero; time -= step)
        {
            Time.Advance(step);
            await DoQueuedWorkAsync();
        }
    }
}
