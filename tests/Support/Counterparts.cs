using PatientResponse.Tests.Infrastructure.Sms.Twilio;

namespace PatientResponse.Tests.Support;

/// <summary>All that the product talks to, at once: Twilio behind the proxy that knows its rules, a mail relay, a bucket and a scanner,
/// each with an account or a place of this test's own.</summary>
public sealed class Counterparts : IDisposable
{
    private readonly TwilioCounterpart _twilio;
    private readonly IDisposable _scannerGoesOn;

    private Counterparts(TwilioCounterpart twilio, FakeAccount account, string twilioAddress, Bucket bucket)
    {
        (_twilio, Account, Bucket) = (twilio, account, bucket);
        var (relay, clamd) = (Exim.Options(), Clamd.OfThisRun());
        _scannerGoesOn = Clamd.GoesOn();
        Settings = new Dictionary<string, string>
        {
            ["Sms:Provider"] = "twilio",
            ["Twilio:BaseUrl"] = twilioAddress,
            ["Twilio:AccountSid"] = account.Sid,
            ["Twilio:AuthToken"] = account.Token,
            ["Twilio:From"] = "Riverside",
            ["Email:Provider"] = "smtp",
            ["Email:Smtp:Host"] = relay.Host,
            ["Email:Smtp:Port"] = $"{relay.Port}",
            ["Email:Smtp:User"] = relay.User!,
            ["Email:Smtp:Password"] = relay.Password!,
            ["Email:Smtp:From"] = relay.From,
            ["Scan:ClamAv:Host"] = clamd.Host,
            ["Scan:ClamAv:Port"] = $"{clamd.Port}",
        };
        foreach (var (key, value) in bucket.AppSettings)
            Settings[key] = value!;
    }

    public FakeAccount Account { get; }

    public Bucket Bucket { get; }

    /// <summary>What an app is started with to use them.</summary>
    public Dictionary<string, string> Settings { get; }

    /// <param name="fileServer">Another gateway to the bucket than the one that all tests share.</param>
    public static async Task<Counterparts> StartAsync(TwilioCounterpart twilio, string? fileServer = null) => new(
        twilio, (await twilio.CarrierAsync()).NewAccount(), await twilio.ProxyAsync(), await S3Server.Get().NewBucketAsync(fileServer));

    /// <summary>The carrier tells what became of an SMS, where the SMS said that it should.</summary>
    public async Task ReportAsync(FakeMessage sms, string status)
    {
        var callback = sms.Fields["StatusCallback"];
        var fields = new Dictionary<string, string>
        {
            ["MessageSid"] = sms.Sid,
            ["MessageStatus"] = status,
            ["To"] = sms.Fields["To"],
            ["AccountSid"] = Account.Sid,
        };
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, callback) { Content = new FormUrlEncodedContent(fields) };
        request.Headers.Add("X-Twilio-Signature", await _twilio.SignAsync(Account.Token, callback, fields));
        using var answer = await http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
    }

    /// <summary>What the relay has delivered to somebody, with this text in it.</summary>
    public static async Task<IReadOnlyList<ReceivedMail>> MailsAsync(string recipient, string text) =>
        [.. (await Exim.DeliveredAsync(recipient, atLeast: 0)).Select(raw => new ReceivedMail(raw)).Where(mail => mail.Text.Contains(text, StringComparison.Ordinal))];

    public void Dispose()
    {
        _scannerGoesOn.Dispose();
        Bucket.Dispose();
    }
}
