using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using PatientResponse.Infrastructure.Email;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Scan;
using PatientResponse.Infrastructure.Sms;

namespace PatientResponse.Tests.Fuzzing.Reading;

/// <summary>What other services answer and report.</summary>
internal static partial class Services
{
    private const string Sid = "SM0123456789abcdef0123456789abcdef";
    private const string Token = "token";
    private const string NotifyKey = "live-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
    private const string Url = "https://practice.example/webhooks/twilio?conversation=1&attempt=2";
    private static readonly PublicAddress Address = new(new ConfigurationBuilder().AddInMemoryCollection([new("PublicUrl", "https://practice.example")]).Build(), null!);

    public static IReadOnlyList<Reader> All { get; } =
    [
        new("clamav", bytes => CheckScan(Encoding.Latin1.GetString(bytes)), () => new[] { "stream: OK", "stream: Eicar-Test FOUND", "INSTREAM size limit exceeded. ERROR", "stream: Heuristics.Limits.Exceeded.MaxScanSize FOUND", "" }.Select(Bytes.Of),
            "stream: ", "OK", " FOUND", "ERROR", "Heuristics.Limits.Exceeded", "\0"),
        new("access-token", CheckToken, () => new[] { """200|{"access_token":"it-is-app","expires_in":3600}""", """200|{"access_token":"a","expires_in":"60"}""", """401|{"error":"invalid_client"}""" }.Select(sample => Bytes.Of(sample.Replace('|', '\n'))),
            "\"access_token\":", "\"expires_in\":", "\"\"", "null", "-1", "1e400", "[[[[", "\\ud800"),
        new("twilio-answer", CheckAnswer, AnswerSamples, "\"sid\":", Sid, "\"status\":", "\"queued\"", "\"failed\"", "\"error_code\":", "\"code\":", "21610", "20003", "20429", "\"messages\":[", "\"body\":", "\"Hello\"", "\"direction\":", "\"date_created\":",
            "\"Fri, 20 Nov 2026 10:00:00 +0000\"", "null", "1e400", "[[[[", "\\ud800"),
        new("notify-answer", CheckNotify, NotifySamples, "\"errors\":[", "\"error\":", "\"RateLimitError\"", "\"BadRequestError\"", "\"reference\":", "\"status\":", "\"sending\"", "\"temporary-failure\"", "null", "201\n", "403\n", "500\n"),
        new("twilio-signature", CheckSignature, () => new[] { "x\nMessageSid=SM1&MessageStatus=delivered", "RSOYDt4T1cUTdK1PDd93/VVr8B8=\na=1&a=2&b=", "\n" }.Select(Bytes.Of), "=", "&", "%00", "MessageSid", "ErrorCode", "\xC3\xA9"),
    ];

    private static void CheckScan(string reply)
    {
        var meaning = ClamAvReply.Of(reply);
        Promise.That((meaning.Outcome == ScanOutcome.Clean) == (reply == "stream: OK"), "Only clamd's very words mean clean.");
        Promise.That(meaning.Outcome != ScanOutcome.NoScanner, "A reply comes from a scanner.");
    }

    /// <summary>The status, then the body.</summary>
    private static void CheckToken(byte[] bytes)
    {
        var lines = Bytes.Lines(bytes, 2);
        _ = int.TryParse(lines[0], out var status);
        var tokens = new SmtpTokens(new Answering((HttpStatusCode)Math.Clamp(status, 200, 599), "", Bytes.Of(lines[1])), Options.Create(new SmtpOptions { OAuth = { TokenUrl = "https://login.example/token" } }), TimeProvider.System);
        try
        {
            Promise.That(tokens.GetAsync(default).GetAwaiter().GetResult().Length > 0 && status < 300, "A token comes with a success, and is one.");
        }
        catch (HttpRequestException)
        {
            // There is none.
        }
    }

    /// <summary>The status, Retry-After and the body, a line each.</summary>
    private static void CheckAnswer(byte[] bytes)
    {
        var lines = Bytes.Lines(bytes, 3);
        _ = int.TryParse(lines[0], out var status);
        using var http = new HttpClient(new Answering((HttpStatusCode)Math.Clamp(status, 200, 599), lines[1], Bytes.Of(lines[2])));
        var sender = new TwilioSmsSender(http, Options.Create(new TwilioOptions { AccountSid = "AC", AuthToken = Token, From = "+447700900000" }), Address, TimeProvider.System, NullLogger<TwilioSmsSender>.Instance);
        var outcome = sender.SendAsync(new(Guid.Empty, "+447700900123", "Hello"), default).GetAwaiter().GetResult();
        if (outcome is SmsOutcome.Accepted accepted)
            Promise.That(status < 300 && MessageSid().IsMatch(accepted.ProviderId), "Twilio took it only where it says so, and by which id.");
        if (outcome is SmsOutcome.Transient transient)
            Promise.That(status >= 400 && transient.RetryAfter is not { Ticks: <= 0 }, "It is sent again only where it certainly did not go.");
        _ = sender.LookUpAsync(new("+447700900123", "Hello", DateTimeOffset.UnixEpoch, []), default).GetAwaiter().GetResult();
    }

    private static IEnumerable<byte[]> NotifySamples() => new[]
    {
        "201\n{\"id\":\"740e5834-3a29-46b4-9a6f-16142fde533a\",\"content\":{\"body\":\"Riverside: Hello\"}}",
        $"200\n{{\"notifications\":[{{\"reference\":\"{NotifyReference.Of(Guid.Empty, Guid.Empty)}\",\"status\":\"delivered\"}}]}}",
        $"200\n{{\"reference\":\"{NotifyReference.Of(Guid.Empty, Guid.Empty)}\",\"status\":\"permanent-failure\",\"notification_type\":\"sms\"}}",
        "400\n{\"status_code\":400,\"errors\":[{\"error\":\"ValidationError\",\"message\":\"phone_number Too many digits\"}]}",
        "429\n{\"status_code\":429,\"errors\":[{\"error\":\"TooManyRequestsError\"}]}",
    }.Select(Bytes.Of);

    /// <summary>The status, then the body.</summary>
    private static void CheckNotify(byte[] bytes)
    {
        var lines = Bytes.Lines(bytes, 2);
        _ = int.TryParse(lines[0], out var status);
        using var http = new HttpClient(new Answering((HttpStatusCode)Math.Clamp(status, 200, 599), "", Bytes.Of(lines[1])));
        var options = Options.Create(new NotifyOptions { ApiKey = NotifyKey, SmsTemplateId = "1" });
        var sender = new NotifySmsSender(http, options, TimeProvider.System, NullLogger<NotifySmsSender>.Instance);
        var outcome = sender.SendAsync(new(Guid.Empty, "+447700900123", "Hello"), default).GetAwaiter().GetResult();
        if (outcome is SmsOutcome.Accepted accepted)
            Promise.That(status == 201 && Guid.TryParse(accepted.ProviderId, out _), "Notify took it only where it says so, and by which id.");
        if (outcome is SmsOutcome.Transient transient)
            Promise.That(status is >= 400 and < 500 && transient.RetryAfter is not { Ticks: <= 0 }, "It is sent again only where it certainly did not go.");
        var news = sender.LookUpAsync(new("+447700900123", "Hello", DateTimeOffset.UnixEpoch, []), default).GetAwaiter().GetResult();
        Promise.That(news is null || Math.Clamp(status, 200, 599) == 200, "Only a list tells.");
        _ = NotifyWebhook.Read(lines[1]);
    }

    /// <summary>The signature, then the form.</summary>
    private static void CheckSignature(byte[] bytes)
    {
        var lines = Bytes.Lines(bytes, 2);
        Dictionary<string, StringValues> form;
        try
        {
            form = QueryHelpers.ParseQuery(lines[1]);
        }
        catch (InvalidDataException)
        {
            return; // More fields than the server takes.
        }
        Promise.That(!TwilioSignature.Verifies(lines[0], Token, Url, form), "Nobody guesses a signature.");
        var signed = Url + string.Concat(form.OrderBy(field => field.Key, StringComparer.Ordinal).SelectMany(field => field.Value.Distinct().Order(StringComparer.Ordinal).Select(value => field.Key + value)));
#pragma warning disable CA5350 // Twilio's choice.
        var (right, anybodys) = (Convert.ToBase64String(HMACSHA1.HashData(Bytes.Of(Token), Bytes.Of(signed))), Convert.ToBase64String(HMACSHA1.HashData(Array.Empty<byte>(), Bytes.Of(signed))));
#pragma warning restore CA5350
        Promise.That(TwilioSignature.Verifies(right, Token, Url, form), "Twilio's own signature is taken.");
        Promise.That(!TwilioSignature.Verifies(anybodys, "", Url, form) && !TwilioSignature.Verifies(right, "", Url, form), "Without a token none is genuine.");
    }

    private static IEnumerable<byte[]> AnswerSamples() => new[]
    {
        $$"""
        201

        {"sid":"{{Sid}}","status":"queued","error_code":null}
        """,
        """
        429
        30
        {"code":20429,"message":"No.","status":429}
        """,
        """
        400

        {"code":21610}
        """,
        $$"""
        200
        Fri, 20 Nov 2026 10:00:00 GMT
        {"messages":[{"sid":"{{Sid}}","body":"Hello","direction":"outbound-api","date_created":"Fri, 20 Nov 2026 10:00:00 +0000","status":"delivered"}]}
        """,
        "503\n\n<h1>Unavailable</h1>",
        $$"""
        307

        {"sid":"{{Sid}}","status":"queued","code":20429}
        """,
    }.Select(Bytes.Of);

    [GeneratedRegex("^(SM|MM)[0-9a-fA-F]{32}\\z")]
    private static partial Regex MessageSid();

    private sealed class Answering(HttpStatusCode status, string retryAfter, byte[] body) : HttpMessageHandler, IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content is { } form) await form.CopyToAsync(Stream.Null, cancellationToken);
            var response = new HttpResponseMessage(status) { Content = new ByteArrayContent(body), RequestMessage = request };
            if (retryAfter != "") response.Headers.TryAddWithoutValidation("Retry-After", retryAfter.Trim('\r', '\0'));
            return response;
        }
    }
}
