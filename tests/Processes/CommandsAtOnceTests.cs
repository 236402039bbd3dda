using System.Diagnostics;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Processes;

/// <summary>Operator's commands, each a real process of its own.</summary>
public class CommandsAtOnceTests
{
    private const int Commands = 6;

    [Fact]
    public async Task Several_that_begin_an_installation_at_once_are_all_done_under_one_root_key()
    {
        await using var installation = await BackedUpInstallation.StartAsync();
        var commands = Enumerable.Range(1, Commands).Select(n => Start(installation, "practice", "set", $"practice{n}", "--name", $"Practice {n}")).ToList();
        foreach (var command in commands)
        {
            using (command)
            {
                var error = command.StandardError.ReadToEndAsync();
                await command.StandardOutput.ReadToEndAsync();
                await command.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(120));
                Assert.True(command.ExitCode == 0, await error);
            }
        }

        await installation.WithDatabaseAsync(async database =>
        {
            Assert.Equal(1, await database.CountAsync("root_key"));
            await using var copy = new TestCopy(database, new FakeTime());
            for (var n = 1; n <= Commands; n++)
                Assert.Equal($"Practice {n}", (await copy.WithAsync(session => session.LoadAsync<Practice>($"practice{n}")))!.Name);
            return true;
        });
    }

    private static Process Start(BackedUpInstallation installation, params string[] arguments) => Process.Start(new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, .. arguments])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment =
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Data__Folder"] = installation.Data,
            ["ConnectionStrings__Postgres"] = installation.Postgres,
            ["Encryption__MasterKey"] = Convert.ToBase64String(TestCopy.MasterKey),
        },
    })!;
}
