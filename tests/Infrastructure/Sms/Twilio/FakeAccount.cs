using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace PatientResponse.Tests.Infrastructure.Sms.Twilio;

/// <summary>One account of the made-up Twilio, and what it is told to do wrong.</summary>
public sealed partial class FakeAccount
{
    private readonly SemaphoreSlim _taken = new(0);
    private int _calls;

    public string Sid { get; } = $"AC{Guid.NewGuid():N}";
    public string Token { get; } = $"{Guid.NewGuid():N}";

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>How often it was asked to send.</summary>
    public int Calls => _calls;

    /// <summary>What it took, oldest first: each of these is an SMS on somebody's phone.</summary>
    public List<FakeMessage> Messages { get; } = [];

    /// <summary>Says no before it takes a message; true when it answered.</summary>
    public Func<HttpContext, Task<bool>>? Refuses { get; set; }

    /// <summary>Takes a message and then answers in its own way.</summary>
    public Func<HttpContext, Task>? TakesAnd { get; set; }

    /// <summary>Its list shows nothing yet.</summary>
    public bool ListLags { get; set; }

    public static Func<HttpContext, Task<bool>> With(int status, int? code = null, string? retryAfter = null) => async context =>
    {
        if (retryAfter is not null)
            context.Response.Headers.RetryAfter = retryAfter;
        await RefuseAsync(context, status, code);
        return true;
    };

    public static Task Hangs(HttpContext context) => Task.Delay(Timeout.Infinite, context.RequestAborted);

    public static Task Resets(HttpContext context)
    {
        context.Features.Get<IConnectionSocketFeature>()!.Socket.Close(0);
        return Task.CompletedTask;
    }

    /// <summary>Waits until it has taken one more message.</summary>
    public Task TakesOneAsync() => _taken.WaitAsync(TimeSpan.FromSeconds(30));

    /// <param name="code">Of the provider's own error body; null: something in between answers.</param>
    public static async Task RefuseAsync(HttpContext context, int status, int? code)
    {
        context.Response.StatusCode = status;
        if (code is null)
            await context.Response.WriteAsync("<h1>Something went wrong</h1>");
        else
            await context.Response.WriteAsJsonAsync(new { code, message = "No.", more_info = $"https://www.twilio.com/docs/errors/{code}", status });
    }

    /// <summary>It took a message earlier.</summary>
    public FakeMessage Has(IReadOnlyDictionary<string, string> fields)
    {
        var message = new FakeMessage($"SM{Guid.NewGuid():N}", fields, Clock.GetUtcNow());
        lock (Messages)
            Messages.Add(message);
        return message;
    }

    public async Task SendAsync(HttpContext context)
    {
        Interlocked.Increment(ref _calls);
        var form = await context.Request.ReadFormAsync();
        if (Refuses is not null && await Refuses(context))
            return;
        if (Problem(form) is { } code)
        {
            await RefuseAsync(context, 400, code);
            return;
        }
        var message = Has(form.ToDictionary(field => field.Key, field => field.Value.ToString()));
        _taken.Release();
        if (TakesAnd is not null)
        {
            await TakesAnd(context);
            return;
        }
        context.Response.StatusCode = 201;
        await context.Response.WriteAsJsonAsync(Shown(message));
    }

    public async Task ListAsync(HttpContext context)
    {
        List<FakeMessage> shown;
        lock (Messages)
            shown = [.. Messages.Where(message => message.Fields["To"] == context.Request.Query["To"]).Reverse()];
        // As Twilio does: what has no date of sending yet is in no list by date.
        if (context.Request.Query.Keys.Any(key => key.StartsWith("DateSent", StringComparison.Ordinal)) || ListLags)
            shown.Clear();
        // There is always more, which nobody has asked for.
        var page = $"https://api.twilio.com{context.Request.Path}?Page=";
        await context.Response.WriteAsJsonAsync(new
        {
            messages = shown.Select(Shown),
            page = 0,
            page_size = 100,
            start = 0,
            end = 99,
            uri = $"{page}0",
            first_page_uri = $"{page}0",
            previous_page_uri = (string?)null,
            next_page_uri = $"{page}1",
        });
    }

    /// <summary>What Twilio's description of its API leaves out.</summary>
    private static int? Problem(IFormCollection form) =>
        form["Body"] is not [{ Length: > 0 } body] ? 21602
        : body.Length > 1600 ? 21617
        : form["From"].Count == 0 && form["MessagingServiceSid"].Count == 0 ? 21603
        : form["From"] is [{ } from] && !Sender().IsMatch(from) ? 21212
        : !Number().IsMatch(form["To"].ToString()) ? 21211
        : !int.TryParse(form["ValidityPeriod"], out var validity) || validity is < 1 or > 36_000 ? 21621
        : !Uri.TryCreate(form["StatusCallback"], UriKind.Absolute, out _) ? 21609
        : null;

    private object Shown(FakeMessage message) => new
    {
        sid = message.Sid,
        account_sid = Sid,
        api_version = "2010-04-01",
        body = message.Fields["Body"],
        from = message.Fields.GetValueOrDefault("From"),
        to = message.Fields["To"],
        direction = "outbound-api",
        status = message.Status,
        error_code = message.ErrorCode,
        num_media = "0",
        num_segments = "1",
        date_created = message.At.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture),
        date_sent = (string?)null,
    };

    [GeneratedRegex(@"^\+[1-9][0-9]{7,14}$")]
    private static partial Regex Number();

    [GeneratedRegex(@"^(\+[1-9][0-9]{7,14}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$")]
    private static partial Regex Sender();
}

public sealed record FakeMessage(string Sid, IReadOnlyDictionary<string, string> Fields, DateTimeOffset At)
{
    public string Status { get; set; } = "queued";
    public int? ErrorCode { get; set; }
}
