using System.Diagnostics;
using System.Net;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Processes;

/// <summary>A developer runs the product without a connection string: it brings its own database server, in the data folder.</summary>
public sealed class OwnServerTests
{
    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("KILL")]
    public async Task The_server_ends_with_the_app_and_the_next_start_has_everything(string signal)
    {
        await using var app = new ServedApp(brings: true);
        await app.StartAsync();
        var conversation = await AsksAsync(app);
        var server = OwnServer.Of(app.Data);
        Assert.True(server.Runs);

        await app.SignalAsync(signal);
        await app.ExitAsync();

        await ServedApp.UntilAsync(() => !server.Runs, "the server has ended");
        Assert.EndsWith("database system is shut down", server.Log.TrimEnd(), StringComparison.Ordinal);
        await app.StartAsync();
        Assert.Contains("How is your knee?", (await SignInAsync(app, conversation)).Page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Control_C_in_a_terminal_reaches_everything_but_the_server_which_stops_in_good_order()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "setsid is Linux's.");
        using var folder = new TemporaryFolder();
        // As from a terminal: a group of processes of its own, which the signal goes to.
        using var app = Start(folder.Path, [], "setsid", "dotnet", Product, "--environment", "Development", "--urls", "http://127.0.0.1:0");
        await ServedApp.UntilAsync(() => app.HasExited || File.Exists(Path.Combine(folder.Path, "data", "postgres", "cluster", "postmaster.pid")), "the server starts");
        while (await app.StandardOutput.ReadLineAsync() is { } line && !line.Contains("Application started", StringComparison.Ordinal)) { }
        var server = OwnServer.Of(Path.Combine(folder.Path, "data"));
        Assert.True(server.Runs);

        using var kill = Process.Start("kill", ["-INT", "--", $"-{app.Id}"]);
        await app.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(0, app.ExitCode);
        Assert.False(server.Runs, "The app waits for it.");
        Assert.EndsWith("database system is shut down", server.Log.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_processes_share_the_server_and_it_ends_with_the_last_whichever_that_is()
    {
        await using var one = new ServedApp(brings: true);
        await using var two = new ServedApp(beside: one);
        await Task.WhenAll(one.StartAsync(), two.StartAsync());
        var server = OwnServer.Of(one.Data);
        var conversation = await AsksAsync(one);

        await one.KillAsync();

        await ServedApp.UntilAsync(() => server.Users == 1, "the first is not counted any more");
        Assert.True(server.Runs);
        Assert.Contains("How is your knee?", (await SignInAsync(two, conversation)).Page.Text, StringComparison.Ordinal);
        await one.StartAsync();
        await two.KillAsync();
        await ServedApp.UntilAsync(() => server.Users == 1, "the second is not counted any more");
        Assert.True(server.Runs);
        await one.KillAsync();
        await ServedApp.UntilAsync(() => !server.Runs, "the server has ended");
    }

    [Fact]
    public async Task A_server_that_was_left_over_is_used_again_and_then_ends_with_the_app()
    {
        await using var app = new ServedApp(brings: true);
        await app.StartAsync();
        var server = OwnServer.Of(app.Data);
        await server.KillWatchersAsync();
        await app.KillAsync();
        Assert.True(server.Runs);

        await app.StartAsync();

        Assert.Equal(server.Id, OwnServer.Of(app.Data).Id);
        Assert.Equal(HttpStatusCode.OK, (await app.NewBrowser().GetAsync("/health/ready")).Status);
        await app.KillAsync();
        await ServedApp.UntilAsync(() => !server.Runs, "the server has ended");
    }

    [Fact]
    public async Task After_a_crash_of_app_and_server_nothing_that_was_acknowledged_is_lost()
    {
        await using var app = new ServedApp(brings: true);
        await app.StartAsync();
        var conversation = await AsksAsync(app);
        var server = OwnServer.Of(app.Data);
        await server.KillWatchersAsync();
        await server.KillAsync();
        await app.KillAsync();
        Assert.True(server.HasPidFile, "It was left behind.");

        await app.StartAsync();

        Assert.NotEqual(server.Id, OwnServer.Of(app.Data).Id);
        Assert.Contains("How is your knee?", (await SignInAsync(app, conversation)).Page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_start_the_server_for_themselves_two_at_once_and_leave_none()
    {
        using var folder = new TemporaryFolder();
        var commands = Enumerable.Range(1, 2).Select(n => Command(folder.Path, "practice", "set", $"practice{n}", "--name", $"Practice {n}")).ToList();
        foreach (var command in commands)
            using (command)
                Assert.Equal((0, ""), await EndAsync(command));
        var server = OwnServer.Of(Path.Combine(folder.Path, "data"));
        await ServedApp.UntilAsync(() => !server.Runs, "the server has ended");

        foreach (var practice in new[] { "practice1", "practice2" })
        {
            using var command = Command(folder.Path, "clinician", "add", $"alex@{practice}.example.nhs.uk", "--name", "Dr Alex Field", "--practice", practice);
            Assert.Equal((0, ""), await EndAsync(command));
        }
    }

    [Fact]
    public async Task A_command_finds_the_server_of_the_app_and_leaves_it_running()
    {
        await using var app = new ServedApp(brings: true);
        await app.StartAsync();
        var server = OwnServer.Of(app.Data);

        using var command = Command(Path.GetDirectoryName(app.Data)!, "practice", "set", "riverside", "--name", "Riverside Surgery");
        Assert.Equal((0, ""), await EndAsync(command));

        Assert.Equal((server.Id, true), (OwnServer.Of(app.Data).Id, server.Runs));
        Assert.Equal(HttpStatusCode.OK, (await app.NewBrowser().GetAsync("/health/ready")).Status);
    }

    [Theory]
    [InlineData()]
    [InlineData("practice", "set", "riverside", "--name", "Riverside Surgery")]
    public async Task A_data_folder_of_the_days_of_SQLite_is_left_alone_and_named(params string[] command)
    {
        using var folder = new TemporaryFolder();
        var data = Directory.CreateDirectory(Path.Combine(folder.Path, "data")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "patient-response.db"), "SQLite format 3");

        using var process = Command(folder.Path, command);
        var (exit, error) = await EndAsync(process);

        Assert.Equal(1, exit);
        Assert.Contains($"{data} holds a database of SQLite (patient-response.db), which this version does not read", error, StringComparison.Ordinal);
        Assert.Equal(["patient-response.db"], Directory.EnumerateFileSystemEntries(data).Select(Path.GetFileName));
        Assert.Equal("SQLite format 3", await File.ReadAllTextAsync(Path.Combine(data, "patient-response.db")));
    }

    [Fact]
    public async Task Where_root_may_not_make_namespaces_nor_be_somebody_else_the_developer_is_told_what_to_do()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root needs either.");
        using var folder = new TemporaryFolder();
        folder.Forbid("unshare");
        folder.Forbid("setpriv");

        using var process = Start(folder.Path, [("PATH", $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}")], "dotnet", Product, "practice", "set", "riverside", "--name", "Riverside");
        var (exit, error) = await EndAsync(process);

        Assert.Equal(1, exit);
        Assert.Contains("PostgreSQL does not run as root", error, StringComparison.Ordinal);
        Assert.Contains("Run this as an ordinary user, or set ConnectionStrings:Postgres", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_root_may_not_make_namespaces_nobody_runs_the_server_in_a_folder_of_its_own()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root needs another user.");
        using var folder = new TemporaryFolder();
        await folder.CopyProductAsync();
        folder.Forbid("unshare");
        (string, string)[] forbidden = [("PATH", $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}")];
        try
        {
            using var first = Start(folder.Path, forbidden, "dotnet", folder.Product, "practice", "set", "riverside", "--name", "Riverside Surgery");
            Assert.Equal((0, ""), await EndAsync(first));
            using var second = Start(folder.Path, forbidden, "dotnet", folder.Product, "clinician", "add", "alex@example.nhs.uk", "--name", "Dr Alex Field", "--practice", "riverside");
            Assert.Equal((0, ""), await EndAsync(second));

            // A data folder that was deleted begins anew.
            var home = folder.Elsewhere;
            Directory.Delete(Path.Combine(folder.Path, "data"), recursive: true);
            using var third = Start(folder.Path, forbidden, "dotnet", folder.Product, "clinician", "add", "alex@example.nhs.uk", "--name", "Dr Alex Field", "--practice", "riverside");
            var (exit, error) = await EndAsync(third);
            Assert.Equal((1, home), (exit, folder.Elsewhere));
            Assert.Contains("riverside", error, StringComparison.Ordinal);
        }
        finally
        {
            await ServedApp.UntilAsync(() => !OwnServer.In(folder.Elsewhere).Runs, "the server has ended");
            Directory.Delete(folder.Elsewhere, recursive: true);
        }
    }

    [Fact]
    public async Task An_ordinary_user_runs_the_server_as_themselves()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Users are changed with Linux's setpriv.");
        using var folder = new TemporaryFolder();
        await folder.CopyProductAsync();
        string[] nobody = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
        Directory.CreateDirectory(Path.Combine(folder.Path, "data"));
        if (Environment.IsPrivilegedProcess)
            using (var chown = Process.Start("chown", ["65534:65534", Path.Combine(folder.Path, "data")]))
                await chown.WaitForExitAsync();

        using var process = Start(folder.Path, [], [.. nobody, "dotnet", folder.Product, "practice", "set", "riverside", "--name", "Riverside Surgery"]);

        Assert.Equal((0, ""), await EndAsync(process));
        await ServedApp.UntilAsync(() => !OwnServer.Of(Path.Combine(folder.Path, "data")).Runs, "the server has ended");
    }

    private static string Product => typeof(Program).Assembly.Location;

    private static Process Command(string folder, params string[] command) => Start(folder, [], ["dotnet", Product, .. command]);

    private static Process Start(string folder, (string Name, string Value)[] environment, params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["Data__Folder"] = Path.Combine(folder, "data");
        start.Environment["Sms__UndoFor"] = TestApp.NoUndo;
        start.Environment["ConnectionStrings__Postgres"] = "";
        start.Environment["Encryption__MasterKey"] = Convert.ToBase64String(TestCopy.MasterKey);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static async Task<(int Exit, string Error)> EndAsync(Process process)
    {
        _ = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(120));
        return (process.ExitCode, error.Trim());
    }

    private static async Task<string> AsksAsync(ServedApp app)
    {
        var alice = await SignInAsync(app, Scenario.TestPatient);
        await alice.SubmitAsync("#compose", ("text", "How is your knee?"), ("allowResponse", "true"));
        return alice.Page.Address.AbsolutePath;
    }

    private static async Task<TestBrowser> SignInAsync(ServedApp app, string page)
    {
        var alice = app.NewBrowser();
        await alice.GetAsync("/sign-in");
        await alice.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        await alice.GetAsync(page);
        return alice;
    }
}
