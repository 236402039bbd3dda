using System.Data.Common;
using PatientResponse.Infrastructure.Email;

namespace PatientResponse.Tests.Support;

/// <summary>The mail relay that <c>tests/run</c> started (<c>tests/counterparts/exim.sh</c>): a real one, on loopback. What it does
/// with a mail depends on the recipient's name, so every test has recipients of its own.</summary>
public static class Exim
{
    private const string Setting = "TEST_EXIM";

    /// <summary>How to reach it. Without it the test is skipped, and fails where CI=true.</summary>
    public static SmtpOptions Options() => new()
    {
        Host = "localhost",
        Port = int.Parse(Read("Port"), null),
        User = "app",
        Password = "secret",
        From = "PatientResponse <no-reply@riverside.example.nhs.uk>",
        Timeout = TimeSpan.FromSeconds(15),
    };

    /// <summary>The port where its certificate is one that nobody trusts.</summary>
    public static int OtherPort => int.Parse(Read("OtherPort"), null);

    /// <summary>The port where TLS begins with the first byte, and AUTH PLAIN is offered instead of LOGIN.</summary>
    public static int TlsPort => int.Parse(Read("TlsPort"), null);

    /// <summary>What it takes for XOAUTH2.</summary>
    public const string AccessToken = "it-is-app";

    /// <summary>Its certificate, which is for localhost, and the key.</summary>
    public static (string Certificate, string Key) Certificate
    {
        get
        {
            var folder = Path.GetDirectoryName(Read("Mail"))!;
            return (Path.Combine(folder, "trusted.pem"), Path.Combine(folder, "trusted.key"));
        }
    }

    /// <summary>An address that no other test writes to; Exim acts on how it begins.</summary>
    public static string Recipient(string name) => $"{name}-{Guid.NewGuid():N}@riverside.example.nhs.uk";

    /// <summary>What it delivered to a recipient, waiting until there is as much as that.</summary>
    public static async Task<IReadOnlyList<string>> DeliveredAsync(string recipient, int atLeast = 1)
    {
        for (var tries = 0; ; tries++)
        {
            var mails = Directory.EnumerateFiles(Path.Combine(Read("Mail"), "new")).Select(File.ReadAllText)
                .Where(mail => mail.Contains($"Envelope-to: {recipient}", StringComparison.OrdinalIgnoreCase)).ToList();
            if (mails.Count >= atLeast || tries == 100)
                return mails;
            await Task.Delay(50); // The outside world's time, not ours.
        }
    }

    private static string Read(string key)
    {
        var exim = Environment.GetEnvironmentVariable(Setting);
        if (string.IsNullOrEmpty(exim))
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"Set {Setting}: in CI mail is tested on a real relay.");
            Assert.Skip($"{Setting} is not set.");
        }
        return (string)new DbConnectionStringBuilder { ConnectionString = exim }[key];
    }
}
