using MailKit.Security;
using Microsoft.Extensions.Configuration;
using PatientResponse.Infrastructure.Email;

namespace PatientResponse.Tests.Infrastructure.Email;

public class EmailSetupTests
{
    private static readonly Dictionary<string, string?> Relay = new()
    {
        ["Email:Provider"] = "smtp",
        ["Email:Smtp:Host"] = "mail.example.nhs.uk",
        ["Email:Smtp:From"] = "PatientResponse <no-reply@example.nhs.uk>",
        ["Email:Smtp:User"] = "app",
        ["Email:Smtp:Password"] = "secret",
    };

    private static readonly Dictionary<string, string?> Tokens = new(Relay)
    {
        ["Email:Smtp:Password"] = null,
        ["Email:Smtp:OAuth:TokenUrl"] = "https://login.example.nhs.uk/token",
        ["Email:Smtp:OAuth:ClientId"] = "us",
        ["Email:Smtp:OAuth:ClientSecret"] = "s3cret",
        ["Email:Smtp:OAuth:Scope"] = "mail",
    };

    [Fact]
    public void A_relay_with_a_login_or_without_one_is_enough()
    {
        Assert.Empty(Problems(Relay));
        Assert.Empty(Problems(new(Relay) { ["Email:Smtp:User"] = "", ["Email:Smtp:Password"] = null }));
        Assert.Empty(Problems(new(Relay) { ["Email:Smtp:Host"] = "127.0.0.1", ["Email:Smtp:Plain"] = "true" }));
    }

    [Theory]
    [InlineData("Email:Provider", null)]
    [InlineData("Email:Provider", "capture")]
    [InlineData("Email:Provider", "pigeon")]
    [InlineData("Email:Smtp:Host", "")]
    [InlineData("Email:Smtp:Host", "mail.example.nhs.uk:587")]
    [InlineData("Email:Smtp:Port", "0")]
    [InlineData("Email:Smtp:From", null)]
    [InlineData("Email:Smtp:From", "no-reply")]
    [InlineData("Email:Smtp:From", "nø-reply@example.nhs.uk")]
    [InlineData("Email:Smtp:User", "")]
    [InlineData("Email:Smtp:Password", "")]
    [InlineData("Email:Smtp:Plain", "true")]
    [InlineData("Email:Smtp:Timeout", "00:05:00")]
    [InlineData("Email:Smtp:Timeout", "00:00:00")]
    public void What_is_missing_or_unsafe_is_told_with_its_key(string key, string? value)
    {
        var problem = Assert.Single(Problems(new(Relay) { [key] = value }));
        Assert.Contains(key, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(587, null, false, SecureSocketOptions.StartTls)]
    [InlineData(25, null, false, SecureSocketOptions.StartTls)]
    [InlineData(465, null, false, SecureSocketOptions.SslOnConnect)]
    [InlineData(465, "false", false, SecureSocketOptions.StartTls)]
    [InlineData(2465, "true", false, SecureSocketOptions.SslOnConnect)]
    [InlineData(25, null, true, SecureSocketOptions.None)]
    public void TLS_is_always_asked_for_and_begins_at_once_on_port_465(int port, string? implicitTls, bool plain, SecureSocketOptions tls)
    {
        var settings = new Dictionary<string, string?>(Relay) { ["Email:Smtp:Port"] = $"{port}", ["Email:Smtp:ImplicitTls"] = implicitTls, ["Email:Smtp:Plain"] = $"{plain}" };
        if (plain)
            settings["Email:Smtp:Host"] = "localhost";
        Assert.Empty(Problems(settings));
        Assert.Equal(tls, SmtpOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).Tls);
    }

    [Fact]
    public void In_clear_and_in_TLS_at_once_is_a_contradiction() =>
        Assert.Single(Problems(new(Relay) { ["Email:Smtp:Host"] = "localhost", ["Email:Smtp:Plain"] = "true", ["Email:Smtp:ImplicitTls"] = "true" }));

    [Fact]
    public void Access_tokens_take_the_place_of_a_password()
    {
        Assert.Empty(Problems(Tokens));
        Assert.Empty(Problems(new(Tokens) { ["Email:Smtp:OAuth:Scope"] = null, ["Email:Smtp:OAuth:TokenUrl"] = "http://localhost:5000/token" }));
    }

    [Theory]
    [InlineData("Email:Smtp:Password", "secret")]
    [InlineData("Email:Smtp:User", null)]
    [InlineData("Email:Smtp:OAuth:TokenUrl", null)]
    [InlineData("Email:Smtp:OAuth:TokenUrl", "http://login.example.nhs.uk/token")]
    [InlineData("Email:Smtp:OAuth:TokenUrl", "file:///token")]
    [InlineData("Email:Smtp:OAuth:ClientId", "")]
    [InlineData("Email:Smtp:OAuth:ClientSecret", null)]
    public void What_is_missing_for_access_tokens_is_told_with_its_key(string key, string? value) =>
        Assert.StartsWith(key, Assert.Single(Problems(new(Tokens) { [key] = value })), StringComparison.Ordinal);

    [Fact]
    public void In_Development_mail_goes_nowhere_or_to_a_relay_of_this_machine()
    {
        Assert.Empty(Problems([], development: true));
        Assert.Single(Problems(Relay, development: true));
        Assert.Single(Problems(new(Relay) { ["Email:Smtp:Host"] = "localhost.example.nhs.uk" }, development: true));
        Assert.Empty(Problems(new(Relay) { ["Email:Smtp:Host"] = "localhost" }, development: true));
    }

    private static IReadOnlyList<string> Problems(Dictionary<string, string?> settings, bool development = false) =>
        [.. EmailSetup.Problems(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), development)];
}
