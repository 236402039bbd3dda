using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Tests.Infrastructure.Security;

public sealed class MasterKeyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("patient-response-").FullName;

    [Fact]
    public async Task Processes_that_start_at_once_in_Development_use_one_key()
    {
        for (var round = 0; round < 20; round++)
        {
            var folder = new DataFolder(Path.Combine(_folder, $"{round}"));
            using var barrier = new Barrier(6);
            var keys = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Factory.StartNew(() =>
            {
                barrier.SignalAndWait();
                return Read(Environments.Development, folder);
            }, TaskCreationOptions.LongRunning)));

            Assert.Single(keys.Select(Convert.ToHexString).Distinct());
            Assert.Equal(keys[0], Read(Environments.Development, folder));
            Assert.Equal(["master.key"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.PathOf("master.key")));
        }
    }

    [Fact]
    public void In_Production_the_key_is_given_and_never_made()
    {
        var folder = new DataFolder(_folder);
        Assert.Throws<InvalidOperationException>(() => Read(Environments.Production, folder));
        Assert.Throws<InvalidOperationException>(() => Read(Environments.Production, folder, "c2hvcnQ="));
        Assert.Empty(Directory.GetFiles(_folder));

        var key = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();
        Assert.Equal(key, Read(Environments.Production, folder, Convert.ToBase64String(key) + "\n"));
    }

    [Fact]
    public void A_damaged_key_stops_the_start_instead_of_being_replaced()
    {
        var folder = new DataFolder(_folder);
        File.WriteAllText(folder.PathOf("master.key"), "half");

        Assert.Throws<CannotStartException>(() => Read(Environments.Development, folder));
        Assert.Equal("half", File.ReadAllText(folder.PathOf("master.key")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static byte[] Read(string environment, DataFolder folder, string? configured = null) => MasterKey.Read(
        new ConfigurationManager { ["Encryption:MasterKey"] = configured }, new HostingEnvironment { EnvironmentName = environment }, folder);
}
