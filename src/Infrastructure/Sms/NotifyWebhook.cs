using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace PatientResponse.Infrastructure.Sms;

/// <summary>Reads what Notify reports, and leaves out what does not bear the token that was agreed with it.</summary>
public sealed class NotifyWebhook(IOptions<NotifyOptions> options)
{
    private const string Scheme = "Bearer ";

    public bool IsGenuine(HttpRequest request) =>
        options.Value.CallbackToken is { Length: > 0 } token // Without one anybody could report.
        && request.Headers.Authorization is [{ } given] && given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given[Scheme.Length..])), SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Which attempt of ours a report is of, and what it says; null where it is no report of that kind.</summary>
    public static (Guid Conversation, Guid Attempt, SmsNews News)? Read(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<Report>(body) is { } report && report.Kind is null or "sms"
                && NotifyReference.Parse(report!.Reference) is var (conversation, attempt) && NotifyStatus.News(report.Status) is { } news
                ? (conversation, attempt, news) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Report(
        [property: JsonPropertyName("reference")] string? Reference, [property: JsonPropertyName("status")] string? Status, [property: JsonPropertyName("notification_type")] string? Kind);
}
