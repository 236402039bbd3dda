using System.Diagnostics;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage.Sealing;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Processes;

/// <summary>The operator's process is killed (-9) while it puts everything under a new master key.</summary>
public class KilledRewrapTests
{
    private static readonly byte[] New = [.. Enumerable.Repeat((byte)9, 32)];

    [Fact]
    public async Task A_rewrap_that_is_killed_leaves_everything_readable_and_can_be_repeated()
    {
        await using var installation = await BackedUpInstallation.StartAsync();
        var id = await installation.WithDatabaseAsync(async database =>
        {
            await using var copy = new TestCopy(database, new FakeTime());
            await copy.SaveAsync(session => session.Store(new Clinician { Email = "alice@example.nhs.uk" }));
            return await copy.StartAsync();
        });

        foreach (var afterLines in new[] { 0, 1 })
        {
            using (var rewrap = Start(installation))
            {
                for (var line = 0; line < afterLines; line++)
                    Assert.NotNull(await rewrap.StandardError.ReadLineAsync());
                rewrap.Kill();
                await rewrap.WaitForExitAsync();
            }
            await ReadAsync(installation, id, new(New, [TestCopy.MasterKey]));
        }

        using var again = Start(installation);
        var output = await again.StandardOutput.ReadToEndAsync();
        await again.WaitForExitAsync();
        Assert.Equal(0, again.ExitCode);
        Assert.Contains("Nothing needs an old key", output, StringComparison.Ordinal);
        await ReadAsync(installation, id, new(New, []));
    }

    private static Task<bool> ReadAsync(BackedUpInstallation installation, Guid id, MasterKeys masters) => installation.WithDatabaseAsync(async database =>
    {
        await using var copy = new TestCopy(database, new FakeTime(), keys: new(await RootKey.OpenAsync(database, masters)));
        Assert.Equal("How is the cough?", (await copy.ReadAsync(id)).Sent.Text);
        return true;
    });

    private static Process Start(BackedUpInstallation installation) => Process.Start(new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, "keys", "rewrap"])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment =
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Data__Folder"] = installation.Data,
            ["ConnectionStrings__Postgres"] = installation.Postgres,
            ["Encryption__MasterKey"] = Convert.ToBase64String(New),
            ["Encryption__OldMasterKeys__0"] = Convert.ToBase64String(TestCopy.MasterKey),
        },
    })!;
}
