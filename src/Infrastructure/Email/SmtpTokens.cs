using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Email;

/// <summary>Access tokens for a relay that takes no passwords, asked for with the client's credentials (RFC 6749, 4.4).</summary>
public sealed class SmtpTokens(IHttpClientFactory http, IOptions<SmtpOptions> options, TimeProvider time)
{
    public const string Client = "Email:Smtp:OAuth";

    /// <summary>The other side's clock may be ahead, and the mail takes its time.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(2);

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowReadingFromString };

    private Kept? _kept;

    /// <exception cref="HttpRequestException">There is none to be had.</exception>
    public async Task<string> GetAsync(CancellationToken cancellation)
    {
        if (_kept is { } kept && !kept.For.HasPassed(kept.Since, time.GetUtcNow()))
            return kept.Token;
        var now = time.GetUtcNow();
        var answer = await AskAsync(options.Value.OAuth, cancellation);
        _kept = new(answer.AccessToken!, now, TimeSpan.FromSeconds(Math.Clamp(answer.ExpiresIn ?? 0, 0, 86_400)) - Margin);
        return answer.AccessToken!;
    }

    public void Forget() => _kept = null;

    private async Task<Answer> AskAsync(SmtpOAuthOptions oauth, CancellationToken cancellation)
    {
        using var client = http.CreateClient(Client);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = oauth.ClientId,
            ["client_secret"] = oauth.ClientSecret,
            ["scope"] = oauth.Scope,
        }.Where(field => !string.IsNullOrEmpty(field.Value)));
        using var response = await client.PostAsync(oauth.TokenUrl, form, cancellation);
        response.EnsureSuccessStatusCode();
        try
        {
            var answer = await response.Content.ReadFromJsonAsync<Answer>(Json, cancellation);
            return answer is { AccessToken.Length: > 0 } ? answer : throw new HttpRequestException("The answer holds no access token.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException) // Other text, or in no known encoding.
        {
            throw new HttpRequestException("The answer is no access token.", e);
        }
    }

    private sealed record Kept(string Token, DateTimeOffset Since, TimeSpan For);

    private sealed record Answer(string? AccessToken, double? ExpiresIn);
}
