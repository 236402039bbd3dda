using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PatientResponse.Tests.Deploy;

public partial class DeployFilesTests
{
    [Fact]
    public void Both_files_speak_of_the_same_port_and_of_health_pages_that_exist()
    {
        Assert.Contains($"EXPOSE {DeployFiles.Port}", DeployFiles.LastStage);
        Assert.Equal(DeployFiles.Port, DeployFiles.FlyValue("internal_port"));
        Assert.Equal("/health/ready", DeployFiles.FlyValue("path"));
        Assert.Contains($"/dev/tcp/127.0.0.1/{DeployFiles.HealthPort} ", HealthCommand()[2], StringComparison.Ordinal);
        Assert.DoesNotContain($"EXPOSE {DeployFiles.HealthPort}", DeployFiles.LastStage);
        Assert.DoesNotContain(DeployFiles.HealthPort, DeployFiles.Compose, StringComparison.Ordinal);
        Assert.Contains("GET /health/live HTTP", HealthCommand()[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Two_machines_are_always_on_and_have_the_time_that_stopping_takes()
    {
        Assert.Equal(("2", "off"), (DeployFiles.FlyValue("min_machines_running"), DeployFiles.FlyValue("auto_stop_machines")));
        Assert.Equal(("30s", "SIGTERM"), (DeployFiles.FlyValue("kill_timeout"), DeployFiles.FlyValue("kill_signal")));
        Assert.Contains("STOPSIGNAL SIGTERM", DeployFiles.LastStage);
    }

    [Fact]
    public void The_image_runs_as_nobody_in_particular_and_holds_no_secret_and_no_development()
    {
        Assert.Contains("USER $APP_UID", DeployFiles.LastStage);
        Assert.True(DeployFiles.LastStage.ToList().IndexOf("USER $APP_UID") > DeployFiles.LastStage.ToList().FindIndex(line => line.StartsWith("RUN ", StringComparison.Ordinal)));
        Assert.Contains($"VOLUME {DeployFiles.Environment["Data__Folder"]}", DeployFiles.LastStage);
        Assert.Contains("ENTRYPOINT [\"dotnet\", \"PatientResponse.dll\"]", DeployFiles.LastStage);
        foreach (var file in new[] { DeployFiles.Dockerfile, DeployFiles.Fly })
        {
            Assert.DoesNotContain("Development", file, StringComparison.Ordinal);
            Assert.DoesNotMatch(Secrets(), file);
        }
    }

    [Fact]
    public void The_image_is_built_from_what_the_repository_holds()
    {
        foreach (var stale in new[] { "**/bin/", "**/obj/", "**/node_modules/", "wwwroot/lib/", ".git/", "data/" })
            Assert.Contains(stale, DeployFiles.DockerIgnore.Split('\n'));
        using var sdk = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "global.json")));
        var version = sdk.RootElement.GetProperty("sdk").GetProperty("version").GetString()!;
        var major = string.Join('.', version.Split('.')[..2]);
        Assert.Contains($"dotnet/sdk:{major} ", DeployFiles.Dockerfile, StringComparison.Ordinal);
        Assert.Contains($"dotnet/aspnet:{major}\n", DeployFiles.Dockerfile, StringComparison.Ordinal);
        foreach (Match copied in CopiedFromStage().Matches(DeployFiles.Dockerfile))
            Assert.Matches($@"(?m)^FROM \S+ AS {copied.Groups[1].Value}$", DeployFiles.Dockerfile);
    }

    [Fact]
    public void The_image_is_built_without_fetching_the_database_server_of_Development()
    {
        var build = DeployFiles.Dockerfile[..DeployFiles.Dockerfile.IndexOf("dotnet publish", StringComparison.Ordinal)];
        Assert.Contains("ENV NPM_CONFIG_OMIT=optional\n", build, StringComparison.Ordinal);
        using var packages = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "package.json")));
        Assert.All(packages.RootElement.GetProperty("optionalDependencies").EnumerateObject(), package => Assert.StartsWith("@embedded-postgres/", package.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void Compose_runs_the_image_as_the_others_do_and_holds_no_password()
    {
        Assert.Contains($"ports: [\"127.0.0.1:{DeployFiles.Port}:{DeployFiles.Port}\"]", DeployFiles.Compose, StringComparison.Ordinal);
        Assert.Contains($"volumes: [data:{DeployFiles.Environment["Data__Folder"]}]", DeployFiles.Compose, StringComparison.Ordinal);
        Assert.Contains($"stop_grace_period: {DeployFiles.FlyValue("kill_timeout")}", DeployFiles.Compose, StringComparison.Ordinal);
        Assert.DoesNotContain("Development", DeployFiles.Compose, StringComparison.Ordinal);
        var passwords = Passwords().Matches(DeployFiles.Compose);
        Assert.Equal(2, passwords.Count);
        Assert.All(passwords, password => Assert.StartsWith("${POSTGRES_PASSWORD:?", password.Groups[1].Value, StringComparison.Ordinal));
    }

    /// <summary>The container's health check, run here against a port on which something or nothing answers.</summary>
    [Theory]
    [InlineData("HTTP/1.1 200 OK\\r\\n\\r\\nlive", 0)]
    [InlineData("HTTP/1.1 503 Service Unavailable\\r\\n\\r\\n", 1)]
    [InlineData(null, 1)]
    public async Task The_health_check_of_the_image_tells_a_process_that_answers_from_one_that_does_not(string? answer, int expected)
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        if (answer is null)
            listener.Stop();
        var command = HealthCommand();
        using var check = Process.Start(new ProcessStartInfo(command[0], [command[1], command[2].Replace($"/{DeployFiles.HealthPort} ", $"/{port} ", StringComparison.Ordinal)]) { RedirectStandardError = true })!;
        if (answer is not null)
        {
            using var client = await listener.AcceptTcpClientAsync();
            using var reader = new StreamReader(client.GetStream(), leaveOpen: true);
            Assert.Equal(("GET /health/live HTTP/1.0", ""), (await reader.ReadLineAsync(), await reader.ReadLineAsync()));
            await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer.Replace("\\r\\n", "\r\n", StringComparison.Ordinal)));
        }
        await check.WaitForExitAsync();

        Assert.Equal(expected, check.ExitCode);
    }

    private static string[] HealthCommand()
    {
        var line = DeployFiles.LastStage.Single(line => line.StartsWith("HEALTHCHECK ", StringComparison.Ordinal));
        return JsonSerializer.Deserialize<string[]>(line[line.IndexOf('[')..])!;
    }

    [GeneratedRegex("MasterKey|Password|AuthToken|SecretKey|ConnectionStrings")]
    private static partial Regex Secrets();

    [GeneratedRegex("(?im)^[^#\n]*password(?:=|: )(.+)")]
    private static partial Regex Passwords();

    [GeneratedRegex("COPY --from=([a-z]+) ")]
    private static partial Regex CopiedFromStage();
}
