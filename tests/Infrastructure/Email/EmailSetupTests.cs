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
    [InlineData("Email:Smtp:Port", "465")]
    [InlineData("Email:Smtp:Port", "0")]
    [InlineData("Email:Smtp:From", null)]
    [InlineData("Email:Smtp:From", "no-reply")]
    [InlineData("Email:Smtp:User", "")]
    [InlineData("Email:Smtp:Password", "")]
    [InlineData("Email:Smtp:Plain", "true")]
    [InlineData("Email:Smtp:Timeout", "00:05:00")]
    public void What_is_missing_or_unsafe_is_told_with_its_key(string key, string? value)
    {
        var problem = Assert.Single(Problems(new(Relay) { [key] = value }));
        Assert.Contains(key, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
    }

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
