using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace PatientResponse.Tests.Infrastructure.Sms.Notify;

/// <summary>One service of the made-up Notify, and what it is told to do wrong.</summary>
public sealed partial class FakeService
{
    private readonly SemaphoreSlim _taken = new(0);
    private int _calls;

    public string Id { get; } = $"{Guid.NewGuid():D}";
    public string Secret { get; } = $"{Guid.NewGuid():D}";
    public string TemplateId { get; } = $"{Guid.NewGuid():D}";
    public string Key => $"riverside-live-{Id}-{Secret}";

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>How often it was asked to send.</summary>
    public int Calls => _calls;

    /// <summary>What it took, oldest first: each of these is an SMS on somebody's phone.</summary>
    public List<FakeNotification> Notifications { get; } = [];

    /// <summary>Its name stands before every text message.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>Says no before it takes a message; true when it answered.</summary>
    public Func<HttpContext, Task<bool>>? Refuses { get; set; }

    /// <summary>Takes a message and then answers in its own way.</summary>
    public Func<HttpContext, Task>? TakesAnd { get; set; }

    /// <summary>Its list is away.</summary>
    public bool ListIsAway { get; set; }

    /// <param name="error">Of Notify's own error body; null: something in between answers.</param>
    public static Func<HttpContext, Task<bool>> With(int status, string? error, string message = "No.") => async context =>
    {
        await RefuseAsync(context, status, error, message);
        return true;
    };

    public static async Task RefuseAsync(HttpContext context, int status, string? error, string message = "No.")
    {
        context.Response.StatusCode = status;
        if (error is null)
            await context.Response.WriteAsync("<h1>Something went wrong</h1>");
        else
            await context.Response.WriteAsJsonAsync(new { status_code = status, errors = new[] { new { error, message } } });
    }

    /// <summary>Waits until it has taken one more message.</summary>
    public Task TakesOneAsync() => _taken.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>A token of Notify's making: HS256, with the service as its issuer and a time of the last 30 seconds.</summary>
    public bool Knows(string? authorization)
    {
        if (authorization?.StartsWith("Bearer ", StringComparison.Ordinal) != true || authorization["Bearer ".Length..].Split('.') is not [var header, var payload, var signature])
            return false;
        var expected = HMACSHA256.HashData(Encoding.ASCII.GetBytes(Secret), Encoding.ASCII.GetBytes($"{header}.{payload}"));
        var (head, body) = (JsonDocument.Parse(WebEncoders.Base64UrlDecode(header)).RootElement, JsonDocument.Parse(WebEncoders.Base64UrlDecode(payload)).RootElement);
        return CryptographicOperations.FixedTimeEquals(expected, WebEncoders.Base64UrlDecode(signature))
            && head.GetProperty("typ").GetString() == "JWT" && head.GetProperty("alg").GetString() == "HS256" && body.GetProperty("iss").GetString() == Id
            && Math.Abs(Clock.GetUtcNow().ToUnixTimeSeconds() - body.GetProperty("iat").GetInt64()) <= 30
            && body.EnumerateObject().All(claim => claim.Name is "iss" or "iat");
    }

    public async Task SendAsync(HttpContext context)
    {
        Interlocked.Increment(ref _calls);
        using var json = await JsonDocument.ParseAsync(context.Request.Body);
        if (Refuses is not null && await Refuses(context))
            return;
        var sending = json.RootElement;
        string Field(string name) => sending.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        var text = sending.TryGetProperty("personalisation", out var personalisation) && personalisation.TryGetProperty("text", out var given) ? given.GetString() : null;
        if (!Number().IsMatch(Field("phone_number")))
            await RefuseAsync(context, 400, "ValidationError", "phone_number Not a UK mobile number");
        else if (Field("template_id") != TemplateId)
            await RefuseAsync(context, 400, "BadRequestError", "Template not found");
        else if (text is null)
            await RefuseAsync(context, 400, "BadRequestError", "Missing personalisation: text");
        else if (text.Length > 918 || Field("reference").Length > 1000)
            await RefuseAsync(context, 400, "ValidationError", "Content for template has a character count greater than the limit of 918");
        else
            await TakeAsync(context, Field("phone_number"), text, Field("reference"));
    }

    private async Task TakeAsync(HttpContext context, string to, string text, string reference)
    {
        var notification = new FakeNotification($"{Guid.NewGuid():D}", to, Prefix + text, reference, Clock.GetUtcNow());
        lock (Notifications)
            Notifications.Add(notification);
        _taken.Release();
        if (TakesAnd is not null)
        {
            await TakesAnd(context);
            return;
        }
        context.Response.StatusCode = 201;
        await context.Response.WriteAsJsonAsync(new
        {
            id = notification.Id,
            reference,
            content = new { body = notification.Text, from_number = "GOVUK" },
            uri = $"https://api.notifications.service.gov.uk/v2/notifications/{notification.Id}",
            template = new { id = TemplateId, version = 1, uri = $"https://api.notifications.service.gov.uk/v2/template/{TemplateId}" },
        });
    }

    public async Task ListAsync(HttpContext context)
    {
        if (ListIsAway)
        {
            await RefuseAsync(context, 503, null);
            return;
        }
        List<FakeNotification> found;
        lock (Notifications)
            found = [.. Notifications.Where(one => one.Reference == context.Request.Query["reference"])];
        await context.Response.WriteAsJsonAsync(new
        {
            notifications = found.Select(one => new { id = one.Id, reference = one.Reference, phone_number = one.To, type = "sms", status = one.Status, body = one.Text }),
            links = new { current = "https://api.notifications.service.gov.uk/v2/notifications" },
        });
    }

    [GeneratedRegex(@"^\+447[0-9]{9}$")]
    private static partial Regex Number();
}

public sealed record FakeNotification(string Id, string To, string Text, string Reference, DateTimeOffset At)
{
    public string Status { get; set; } = "sending";
}
