using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace PatientResponse.Infrastructure.Sms;

/// <summary>GOV.UK Notify (https://docs.notifications.service.gov.uk/rest-api.html). It has no key against sending twice, but finds an attempt by
/// our reference. Only its status and the kind of its error are ever logged: its messages name what was sent.</summary>
public sealed class NotifySmsSender(HttpClient http, IOptions<NotifyOptions> options, TimeProvider time, ILogger<NotifySmsSender> logger) : ISmsSender
{
    /// <summary>How long one call may take: a worker waits for it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Notify counts over one minute, and over one day in UTC.</summary>
    private static readonly TimeSpan RateWindow = TimeSpan.FromMinutes(1);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public bool KeepsList => true;

    public async Task<SmsOutcome> SendAsync(OutgoingSms sms, CancellationToken cancellation)
    {
        var hasBegunToLeave = false;
        using var content = new WatchedJson(new Sending(sms.To, options.Value.SmsTemplateId, new() { [NotifyOptions.Placeholder] = sms.Text }, NotifyReference.Of(sms.ConversationId, sms.AttemptId),
            options.Value.SmsSenderId is { Length: > 0 } sender ? sender : null), () => hasBegunToLeave = true);
        var (status, body) = await AskAsync(HttpMethod.Post, "/v2/notifications/sms", content, cancellation);
        // Where not one byte of the message left us, nothing can have been sent.
        return status is { } answered ? Outcome(answered, body, sms) : hasBegunToLeave ? new SmsOutcome.Unknown(CanBeLookedUp: true) : new SmsOutcome.Transient();
    }

    /// <summary>Notify lists what it took before it answers: what its list does not have, it did not take.</summary>
    public async Task<SmsNews?> LookUpAsync(SmsSearch search, CancellationToken cancellation)
    {
        var reference = NotifyReference.Of(search.ConversationId, search.AttemptId);
        var (status, body) = await AskAsync(HttpMethod.Get, $"/v2/notifications?template_type=sms&reference={reference}", null, cancellation);
        if (status != HttpStatusCode.OK || Read<Listed>(body)?.Notifications is not { } found)
        {
            if (status is { } refused && Errors(body) is { Count: > 0 } errors && (int)refused is >= 400 and < 500)
                NoteOurMistake(refused, errors[0]);
            return null;
        }
        return found.FirstOrDefault(one => one.Reference == reference) is { } it ? NotifyStatus.News(it.Status) : new(SmsReport.Absent);
    }

    /// <summary>Whatever does not say for certain that nothing was sent is unknown.</summary>
    private SmsOutcome Outcome(HttpStatusCode status, string body, OutgoingSms sms)
    {
        if (status == HttpStatusCode.Created && Read<Taken>(body) is { Id: { } id } taken && Guid.TryParse(id, out _))
        {
            if (taken.Content?.Body is { } sent && sent.Length > sms.Text.Length && sent.EndsWith(sms.Text, StringComparison.Ordinal))
                logger.LogError("Notify puts something before our text messages, and they cost more than clinicians are told. Turn off 'Start text messages with service name', and let the template be ((text)) alone");
            return new SmsOutcome.Accepted(id);
        }
        var errors = Errors(body);
        // An error page of something in between proves nothing.
        if (errors.Count == 0 || (int)status is < 400 or >= 500)
            return new SmsOutcome.Unknown(CanBeLookedUp: true);
        return (status, errors[0].Error) switch
        {
            (HttpStatusCode.TooManyRequests, "TooManyRequestsError") => DailyLimit(),
            (HttpStatusCode.TooManyRequests, _) => new SmsOutcome.Transient(RateWindow),
            // The field that it does not like, not its words, which may change.
            (HttpStatusCode.BadRequest, "ValidationError") when errors.All(error => error.Message?.StartsWith("phone_number", StringComparison.Ordinal) == true) =>
                new SmsOutcome.Permanent(SmsFailure.WrongNumber),
            _ => OurMistake(status, errors[0]),
        };
    }

    /// <summary>It ends at midnight in UTC. Where that is too far off, the clinician hears of it now.</summary>
    private SmsOutcome DailyLimit()
    {
        logger.LogError("GOV.UK Notify has reached the daily limit of this service: text messages wait until midnight UTC, or are reported as not sent. Ask Notify to raise the limit");
        var untilMidnight = TimeSpan.FromDays(1) - time.GetUtcNow().TimeOfDay + RateWindow;
        return untilMidnight < Waits ? new SmsOutcome.Transient(untilMidnight) : new SmsOutcome.Permanent(SmsFailure.DailyLimit);
    }

    /// <summary>Shorter than a message waits for a carrier before it is given up.</summary>
    private static readonly TimeSpan Waits = TimeSpan.FromHours(3);

    private SmsOutcome.Transient OurMistake(HttpStatusCode status, Failure error)
    {
        NoteOurMistake(status, error);
        return new();
    }

    /// <summary>Not the patient's fault and not the clinician's: whoever runs this has to know.</summary>
    private void NoteOurMistake(HttpStatusCode status, Failure error) => logger.LogError(
        "GOV.UK Notify refuses this installation's key or settings: HTTP {Status}, {Error}. Text messages wait. A service in trial mode, or a team key, sends to its team only; a key may be revoked, the template not this service's, this machine's clock wrong",
        (int)status, error.Error is "BadRequestError" or "ValidationError" or "AuthError" or "NoResultFound" or "Forbidden" ? error.Error : "another error");

    /// <summary>No status where there was no answer, or none that could be read to its end.</summary>
    private async Task<(HttpStatusCode? Status, string Body)> AskAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        using var request = new HttpRequestMessage(method, options.Value.BaseUrl.TrimEnd('/') + path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token());
        try
        {
            using var response = await http.SendAsync(request, either.Token);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(either.Token));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or InvalidOperationException)
        {
            return (null, "");
        }
    }

    /// <summary>Good for 30 seconds from now, by Notify's clock.</summary>
    private string Token() => new JsonWebTokenHandler().CreateToken(
        JsonSerializer.Serialize(new Dictionary<string, object> { ["iss"] = options.Value.ServiceId, ["iat"] = time.GetUtcNow().ToUnixTimeSeconds() }),
        new SigningCredentials(new SymmetricSecurityKey(Encoding.ASCII.GetBytes(options.Value.Secret)), SecurityAlgorithms.HmacSha256));

    private static IReadOnlyList<Failure> Errors(string body) => Read<Refusal>(body)?.Errors?.Where(error => !string.IsNullOrEmpty(error.Error)).ToList() ?? [];

    private static T? Read<T>(string body) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Sending(
        string PhoneNumber, string TemplateId, Dictionary<string, string> Personalisation, string Reference,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SmsSenderId);

    private sealed record Taken(string? Id, TakenContent? Content);

    private sealed record TakenContent(string? Body);

    private sealed record Listed(IReadOnlyList<ListedOne>? Notifications);

    private sealed record ListedOne(string? Reference, string? Status);

    private sealed record Refusal(IReadOnlyList<Failure>? Errors);

    private sealed record Failure(string? Error, string? Message);

    private sealed class WatchedJson : ByteArrayContent
    {
        private readonly Action _begun;

        public WatchedJson(Sending sending, Action begun) : base(JsonSerializer.SerializeToUtf8Bytes(sending, Json))
        {
            _begun = begun;
            Headers.ContentType = new("application/json");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            _begun();
            return base.SerializeToStreamAsync(stream, context, cancellationToken);
        }
    }
}
