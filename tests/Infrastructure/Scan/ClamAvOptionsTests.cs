using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Scan;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Scan;

public class ClamAvOptionsTests
{
    [Theory]
    [InlineData(null, null, null)]
    [InlineData("", "", null)]
    [InlineData("scanner", "3310", null)]
    [InlineData("scanner", null, "Scan:ClamAv:Port must be")]
    [InlineData("scanner", "0", "Scan:ClamAv:Port must be")]
    [InlineData("scanner", "65536", "Scan:ClamAv:Port must be")]
    [InlineData("scanner", "-1", "Scan:ClamAv:Port must be")]
    [InlineData("scanner", "3310x", "Scan:ClamAv:Port must be")]
    [InlineData(null, "3310", "Scan:ClamAv:Host must name")]
    public void Half_a_setting_stops_the_start(string? host, string? port, string? problem)
    {
        var configuration = Settings(host, port);
        var problems = StartChecks.Problems(configuration, new TestEnvironment()).Where(text => text.StartsWith("Scan:", StringComparison.Ordinal)).ToList();
        if (problem is null)
            Assert.Empty(problems);
        else
            Assert.StartsWith(problem, Assert.Single(problems));
        Assert.Equal(host == "scanner" && port == "3310", ClamAvOptions.From(configuration) is not null);
    }

    [Fact]
    public async Task The_setting_chooses_the_scanner()
    {
        await using var plain = new TestApp();
        Assert.IsType<ContentChecksOnly>(plain.Services.GetRequiredService<IFileScanner>());
        await using var scanning = new TestApp { Settings = { ["Scan:ClamAv:Host"] = "localhost", ["Scan:ClamAv:Port"] = "3310" } };
        Assert.IsType<WatchedScanner>(scanning.Services.GetRequiredService<IFileScanner>());
    }

    private static IConfiguration Settings(string? host, string? port) => new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?> { ["urls"] = "http://localhost:5000", ["Scan:ClamAv:Host"] = host, ["Scan:ClamAv:Port"] = port }).Build();

    private sealed class TestEnvironment : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = Environments.Development;
        public string ApplicationName { get; set; } = "";
        public string ContentRootPath { get; set; } = "";
        public Microsoft.Extensions.FileProviders.IFileProvider ContentRootFileProvider { get; set; } = new Microsoft.Extensions.FileProviders.NullFileProvider();
    }
}
