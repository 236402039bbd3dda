using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PatientResponse.Infrastructure.Start;
using PatientResponse.Tests.Support;

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
    public async Task A_folder_for_files_that_may_not_be_written_ends_the_start_in_one_line()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can become somebody who may not write here.");
        using var folder = new TemporaryFolder();
        await folder.CopyProductAsync();
        var (data, postgres) = (Path.Combine(folder.Path, "data"), TestPostgres.CreateDatabase());
        Directory.CreateDirectory(Path.Combine(data, "files", "incoming"));
        await RunAsync("chown", "-R", "65534:65534", data);
        await RunAsync("chmod", "555", Path.Combine(data, "files"));

        var (exit, error) = await EndAsync(Start(folder, "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "dotnet", folder.Product, "--Data:Folder", data, "--ConnectionStrings:Postgres", postgres));

        Assert.Equal(1, exit);
        Assert.Matches(@"^PatientResponse cannot start: The file store cannot be used: Access to the path '[^\n']*' is denied\.$", error);
        TestPostgres.DropDatabase(postgres);
    }

    [Theory]
    [InlineData("size=64k", "No space left on device", true)]
    [InlineData("size=64k", "No space left on device", false)]
    [InlineData("size=64k,ro", "Read-only file system", true)]
    [InlineData("size=64k,ro", "Read-only file system", false)]
    public async Task A_disk_that_is_full_or_read_only_ends_the_start_in_one_line(string options, string reason, bool hasDatabaseElsewhere)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can mount a small disk.");
        using var folder = new TemporaryFolder();
        var disk = Directory.CreateDirectory(Path.Combine(folder.Path, "disk")).FullName;
        using (var mount = Process.Start("mount", ["-t", "tmpfs", "-o", options, "tmpfs", disk]))
        {
            await mount.WaitForExitAsync();
            Assert.SkipUnless(mount.ExitCode == 0, "This machine mounts nothing.");
        }
        var postgres = TestPostgres.CreateDatabase();
        try
        {
            await RefusedAsync(folder, reason, [.. (string[])["--Data:Folder", Path.Combine(disk, "data")], .. hasDatabaseElsewhere ? (string[])["--ConnectionStrings:Postgres", postgres, "--Encryption:MasterKey", Convert.ToBase64String(new byte[32])] : []]);
            await RefusedAsync(folder, reason, [.. (string[])["--Data:Folder", disk], .. hasDatabaseElsewhere ? (string[])["--ConnectionStrings:Postgres", postgres, "--Encryption:MasterKey", Convert.ToBase64String(new byte[32])] : []]);
        }
        finally
        {
            // Whatever the server of its own left behind ends in a moment.
            await RunAsync("umount", "--lazy", disk);
            TestPostgres.DropDatabase(postgres);
        }
    }

    [Fact]
    public async Task A_master_key_that_is_none_ends_the_start_in_one_line()
    {
        using var folder = new TemporaryFolder();
        var data = Directory.CreateDirectory(Path.Combine(folder.Path, "data")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "master.key"), "x");
        var postgres = TestPostgres.CreateDatabase();
        await RefusedAsync(folder, "master.key is damaged", "--Data:Folder", data, "--ConnectionStrings:Postgres", postgres);
        TestPostgres.DropDatabase(postgres);
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

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private static async Task RefusedAsync(TemporaryFolder folder, string culprit, params string[] arguments)
    {
        var (exit, error) = await EndAsync(Start(folder, ["dotnet", typeof(Program).Assembly.Location, .. arguments]));
        Assert.True(exit == 1 && !error.Contains('\n', StringComparison.Ordinal), $"Exit {exit}:\n{error}");
        Assert.StartsWith("PatientResponse cannot start: ", error, StringComparison.Ordinal);
        Assert.Contains(culprit, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
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
