using System.Globalization;

namespace PatientResponse.Infrastructure.Storage.Embedded;

/// <summary>The files of an embedded server: <c>cluster</c>, <c>password</c> and <c>server.log</c> in the home of its account.</summary>
internal sealed class PostgresCluster(PostgresAccount account, PostgresPrograms programs)
{
    public const string User = "app";

    public string Folder { get; } = Path.Combine(account.Home, "cluster");

    public bool Exists => File.Exists(Path.Combine(Folder, "PG_VERSION"));

    public string Password => File.ReadAllText(PasswordFile);

    private string PasswordFile => Path.Combine(account.Home, "password");

    private string Log => Path.Combine(account.Home, "server.log");

    private string PidFile => Path.Combine(Folder, "postmaster.pid");

    /// <summary>Made under another name first: what a killed process left half done is made anew.</summary>
    public async Task MakeAsync(string password)
    {
        var made = Folder + ".new";
        foreach (var half in new[] { Folder, made }.Where(Directory.Exists))
            Directory.Delete(half, recursive: true);
        await File.WriteAllTextAsync(PasswordFile, password);
        await account.OwnAsync();
        // Sorted by code point, with letters and digits known as Unicode has them, whatever this machine's locales are.
        if (await Programs.FailureAsync([.. account.Prefix, programs.InitDb, "-D", made, "-U", User, "--pwfile", PasswordFile, "-A", "scram-sha-256", "-E", "UTF8",
            "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-sync", "--no-instructions"]) is { } failure)
            throw new EmbeddedPostgresException($"PostgreSQL made no database in {account.Home}: {failure}");
        Directory.Move(made, Folder);
    }

    /// <returns>Null when it is ready, otherwise the end of its log.</returns>
    public async Task<string?> StartAsync(int port, string settings)
    {
        // The log tells what failed, never with which values: those are people's.
        await File.WriteAllTextAsync(Path.Combine(Folder, "postgresql.auto.conf"), $"""
            listen_addresses = '127.0.0.1'
            port = {port.ToString(CultureInfo.InvariantCulture)}
            unix_socket_directories = ''
            shared_buffers = 64MB
            log_statement = none
            log_min_error_statement = panic
            log_error_verbosity = terse
            log_checkpoints = off
            {settings}

            """);
        var failure = await Programs.FailureAsync([.. account.Prefix, programs.PgCtl, "start", "-w", "-s", "-t", "60", "-D", Folder, "-l", Log]);
        return failure is null ? null : File.Exists(Log) ? string.Join('\n', File.ReadLines(Log).TakeLast(5)) : failure;
    }

    /// <summary>Where a server that lives listens. What a crash left is no server, also when another program has its number now.</summary>
    public int? RunningPort()
    {
        try
        {
            if (File.ReadAllLines(PidFile) is not [var pid, _, _, var port, ..] || !int.TryParse(pid, out var id) || Programs.NameOf(id) is not { } program)
                return null;
            if (program == "postgres")
                return int.Parse(port, CultureInfo.InvariantCulture);
            File.Delete(PidFile);
            return null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
