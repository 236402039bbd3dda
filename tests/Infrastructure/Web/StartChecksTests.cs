using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Security;

namespace PatientResponse.Tests.Infrastructure.Web;

public class StartChecksTests
{
    private static readonly Dictionary<string, string?> Asked = new()
    {
        ["PublicUrl"] = "https://reply.example.nhs.uk",
        ["ConnectionStrings:Postgres"] = "Host=db.example.nhs.uk;Database=replies",
        ["Encryption:MasterKey"] = Convert.ToBase64String(new byte[32]),
        ["Sms:Provider"] = "twilio",
        ["Email:Provider"] = "smtp",
        ["Retention:Days"] = "3650",
        ["SignIn:RequireSecondFactor"] = "true",
    };

    private static readonly Dictionary<string, string?> Safe = new(Asked)
    {
        ["Twilio:AccountSid"] = "AC0123456789abcdef0123456789abcdef",
        ["Twilio:AuthToken"] = "secret",
        ["Twilio:From"] = "Riverside",
        ["Email:Smtp:Host"] = "mail.example.nhs.uk",
        ["Email:Smtp:From"] = "no-reply@example.nhs.uk",
    };

    [Fact]
    public void In_Production_everything_that_is_missing_is_told_at_once()
    {
        var problems = Problems([]);
        Assert.Equal(Asked.Keys.Order(), problems.Select(FirstWord).Order());
        Assert.Empty(Problems(Safe));
        Assert.Equal(["ConnectionStrings:Postgres", "Encryption:MasterKey", "PublicUrl"], StartChecks.ProblemsOfCommands(Configuration([]), In(Environments.Production)).Select(FirstWord).Order());
    }

    [Theory]
    [InlineData("PublicUrl", "http://reply.example.nhs.uk")]
    [InlineData("PublicUrl", "reply.example.nhs.uk")]
    [InlineData("Encryption:MasterKey", "c2hvcnQ=")]
    [InlineData("Encryption:OldMasterKeys:0", "c2hvcnQ=")]
    [InlineData("Sms:Provider", "capture")]
    [InlineData("Email:Provider", "")]
    [InlineData("Retention:Days", "7")]
    [InlineData("Retention:Days", "a year")]
    [InlineData("SignIn:RequireSecondFactor", "false")]
    [InlineData("SignIn:RequireSecondFactor", "yes please")]
    [InlineData("SignIn:AcceptWithoutSecondFactor", "true")]
    [InlineData("Messaging:Workers", "-1")]
    [InlineData("Proxy:KnownNetworks:0", "10.0.0.0/99")]
    [InlineData("Health:Port", "0")]
    [InlineData("Health:Port", "65536")]
    [InlineData("Health:Port", "+81")]
    [InlineData("Health:Ports", "8081")]
    [InlineData("ConnectionStrings:Postgres", "")]
    [InlineData("ConnectionStrings:Postgres", "what is this")]
    [InlineData("ConnectionStrings:Postgress", "Host=localhost")]
    [InlineData("Encryption:MasterKeys", "c2hvcnQ=")]
    [InlineData("Data:Foldr", "data")]
    [InlineData("Files:Provider", "ftp")]
    [InlineData("Patients:Provider", "pds")]
    public void What_is_wrong_unsafe_or_misspelt_is_told_with_its_key(string key, string value)
    {
        var problem = Assert.Single(Problems(new(Safe) { [key] = value }));
        Assert.Contains(key.Split(':')[0], problem, StringComparison.Ordinal);
        Assert.DoesNotContain("c2hvcnQ=", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_alone_is_accepted_in_so_many_words_only()
    {
        var without = new Dictionary<string, string?>(Safe) { ["SignIn:RequireSecondFactor"] = null };
        var problem = Assert.Single(Problems(without));
        Assert.Contains(SignInSettings.Sentence, problem, StringComparison.Ordinal);
        Assert.Empty(Problems(new(without) { ["SignIn:AcceptWithoutSecondFactor"] = SignInSettings.Sentence }));
        Assert.Empty(Problems(new(Safe) { ["Retention:Days"] = "keep" }));
    }

    [Fact]
    public void Development_needs_nothing_reaches_nobody_and_still_names_a_typing_mistake()
    {
        Assert.Empty(Problems([], Environments.Development));
        Assert.Single(Problems(new() { ["Sms:Provider"] = "twilio" }, Environments.Development));
        Assert.Single(Problems(new() { ["urls"] = "http://0.0.0.0:5000" }, Environments.Development));
        Assert.Equal(["Messaging:Worker"], Problems(new() { ["Messaging:Worker"] = "1" }, Environments.Development).Select(FirstWord));
    }

    private static string FirstWord(string problem) => problem.Split(' ')[0];

    private static IReadOnlyList<string> Problems(Dictionary<string, string?> settings, string environment = "Production") =>
        StartChecks.Problems(Configuration(settings), In(environment));

    private static IConfiguration Configuration(Dictionary<string, string?> settings) => new ConfigurationBuilder().AddInMemoryCollection(settings).Build();

    private static HostingEnvironment In(string environment) => new() { EnvironmentName = environment };
}
