using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Tests.Processes;

public class StartFailuresTests
{
    [Fact]
    public async Task A_file_where_the_data_folder_should_be_ends_the_start_in_one_line()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "data"), "");
        await RefusedAsync(folder, Path.Combine(folder.Path, "data"), "--Data:Folder", Path.Combine(folder.Path, "data"));
        await RefusedAsync(folder, Path.Combine(folder.Path, "data/deeper"), "--Data:Folder", Path.Combine(folder.Path, "data/deeper"));
        await RefusedAsync(folder, Path.Combine(folder.Path, "data"), "practice", "set", "riverside", "--name", "Riverside Surgery");
    }

    [Fact]
    public async Task A_folder_that_belongs_to_somebody_else_ends_the_start_in_one_line()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can become somebody who may not write here.");
        using var folder = new TemporaryFolder();
        await folder.CopyProductAsync();
        var (exit, error) = await EndAsync(Start(folder, "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "dotnet", folder.Product, "--Data:Folder", Path.Combine(folder.Path, "data")));
        Assert.Equal((1, $"PatientResponse cannot start: Access to the path '{Path.Combine(folder.Path, "data")}' is denied."), (exit, error));
    }

    [Fact]
    public async Task An_address_that_is_taken_ends_the_start_in_one_line()
    {
        using var folder = new TemporaryFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";
        await RefusedAsync(folder, address, "--urls", address, "--Data:Folder", Path.Combine(folder.Path, "data"));
        await ServedApp.UntilAsync(() => !OwnServer.Of(Path.Combine(folder.Path, "data")).Runs, "the server has ended");
    }

    [Fact]
    public async Task A_settings_file_that_is_no_JSON_ends_the_start_in_one_line()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "appsettings.json"), "{ nonsense");
        await RefusedAsync(folder, "appsettings.json");
    }

    [Fact]
    public async Task A_database_that_is_away_ends_the_start_in_one_line()
    {
        using var folder = new TemporaryFolder();
        await RefusedAsync(folder, "127.0.0.1:1", "--Data:Folder", Path.Combine(folder.Path, "data"), "--ConnectionStrings:Postgres", "Host=127.0.0.1;Port=1;Username=x;Password=secret;Database=x");
    }

    [Fact]
    public void A_fault_of_our_own_is_not_explained_away()
    {
        Assert.Null(StartFailures.Reason(new InvalidOperationException("A service is missing.")));
        Assert.Null(StartFailures.Reason(new KeyNotFoundException()));
    }

    private static async Task RefusedAsync(TemporaryFolder folder, string culprit, params string[] arguments)
    {
        var (exit, error) = await EndAsync(Start(folder, ["dotnet", typeof(Program).Assembly.Location, .. arguments]));
        Assert.True(exit == 1 && !error.Contains('\n', StringComparison.Ordinal), $"Exit {exit}:\n{error}");
        Assert.StartsWith("PatientResponse cannot start: ", error, StringComparison.Ordinal);
        Assert.Contains(culprit, error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    private static Process Start(TemporaryFolder folder, params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        return Process.Start(start)!;
    }

    private static async Task<(int Exit, string Error)> EndAsync(Process process)
    {
        using (process)
        {
            _ = process.StandardOutput.ReadToEndAsync();
            var error = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
            return (process.ExitCode, error.Trim());
        }
    }
}
