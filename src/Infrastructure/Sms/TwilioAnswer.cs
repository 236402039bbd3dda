using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PatientResponse.Infrastructure.Sms;

/// <summary>What Twilio answered to a call, and what that means. Only its status and codes are ever logged.</summary>
/// <param name="Code">Of Twilio's own error body; null where there is none.</param>
/// <param name="Body">Of a success; null where it cannot be read.</param>
internal sealed partial record TwilioAnswer(HttpStatusCode Status, int? Code, TwilioBody? Body, TimeSpan? RetryAfter)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static async Task<TwilioAnswer> ReadAsync(HttpResponseMessage response, DateTimeOffset now)
    {
        var wait = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - now : null;
        var content = await response.Content.ReadAsByteArrayAsync();
        return response.IsSuccessStatusCode
            ? new(response.StatusCode, null, Parse<TwilioBody>(content), null)
            : new(response.StatusCode, Parse<TwilioError>(content)?.Code, null, wait > TimeSpan.Zero ? wait : null);
    }

    /// <summary>What became of the attempt to send. Whatever does not say for certain that nothing was sent is unknown.</summary>
    public SmsOutcome Outcome(ILogger logger)
    {
        if (Body?.Sid is { } sid && MessageSid().IsMatch(sid))
        {
            var news = TwilioStatus.News(Body.Status, Body.ErrorCode);
            return news?.Report == SmsReport.Failed ? new SmsOutcome.Accepted(sid, news.Report, news.Reason) : new SmsOutcome.Accepted(sid);
        }
        NoteOurMistake(logger);
        return this switch
        {
            { Status: HttpStatusCode.TooManyRequests or HttpStatusCode.Unauthorized } => new SmsOutcome.Transient(RetryAfter),
            { Status: HttpStatusCode.ServiceUnavailable, Code: not null } => new SmsOutcome.Transient(RetryAfter),
            { IsRefusal: true, Code: { } code } => TwilioStatus.IsOurMistake(code) || TwilioStatus.IsBusy(code)
                ? new SmsOutcome.Transient(RetryAfter) : new SmsOutcome.Permanent(TwilioStatus.Reason(code)),
            _ => new SmsOutcome.Unknown(CanBeLookedUp: true),
        };
    }

    /// <summary>The messages of a list; none where it cannot be had.</summary>
    public IEnumerable<TwilioMessage> Listed(ILogger logger)
    {
        NoteOurMistake(logger);
        foreach (var listed in Body?.Messages ?? [])
            if (listed.Sid is { } sid && DateTimeOffset.TryParse(listed.DateCreated, CultureInfo.InvariantCulture, out var created)
                && TwilioStatus.News(listed.Status, listed.ErrorCode) is { } news)
                yield return new(sid, listed.Body ?? "", listed.Direction ?? "", created, news);
    }

    private bool IsRefusal => (int)Status is >= 400 and < 500;

    /// <summary>Not the patient's fault and not the clinician's: whoever runs this has to know.</summary>
    private void NoteOurMistake(ILogger logger)
    {
        if (Status is HttpStatusCode.Unauthorized || (IsRefusal && Code is { } code && TwilioStatus.IsOurMistake(code)))
            logger.LogError("Twilio refuses this installation's account or settings: HTTP {Status}, code {Code}. Text messages wait", (int)Status, Code);
    }

    private static T? Parse<T>(byte[] body)
        where T : class
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

    [GeneratedRegex("^(SM|MM)[0-9a-fA-F]{32}$")]
    private static partial Regex MessageSid();
}

internal sealed record TwilioError(int? Code);

/// <summary>A message or a page of the list: of each the fields that we read.</summary>
internal sealed record TwilioBody(
    string? Sid, string? Status, int? ErrorCode, string? Body, string? Direction, string? DateCreated, IReadOnlyList<TwilioBody>? Messages);

/// <summary>A message of the list.</summary>
internal sealed record TwilioMessage(string Sid, string Body, string Direction, DateTimeOffset Created, SmsNews News);
