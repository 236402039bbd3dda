using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace PatientResponse.Infrastructure.Storage.Embedded;

/// <summary>
/// A PostgreSQL for Development and tests, in a folder of its own: on loopback, on a free port, with a random password. All processes
/// that name the folder share it; it ends with the last of them.
/// </summary>
/// <param name="folder">Made where it is not there yet.</param>
/// <param name="settings">Lines of <c>postgresql.conf</c> besides.</param>
public sealed class EmbeddedPostgres(string folder, PostgresPrograms programs, string settings = "") : IDisposable
{
    private const int Attempts = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private ServerUse? _use;

    /// <summary>Makes the database at the first start, and starts the server unless it runs.</summary>
    /// <returns>A connection string.</returns>
    /// <exception cref="EmbeddedPostgresException">It cannot be had.</exception>
    public async Task<string> StartAsync()
    {
        Private(folder);
        await using var turn = await TakeTurnAsync();
        var account = await PostgresAccount.ChooseAsync(folder, programs);
        Private(account.Home);
        _use = await ServerUse.BeginAsync(account.Home, [.. account.Prefix, programs.PgCtl]);
        var cluster = new PostgresCluster(account, programs);
        if (!cluster.Exists)
            await cluster.MakeAsync(RandomNumberGenerator.GetHexString(32));
        for (var attempt = 1; ; attempt++)
        {
            if (await RunningAsync(cluster) is { } connection)
                return connection;
            if (await cluster.StartAsync(FreePort(), settings) is not { } failure)
                continue;
            if (attempt == Attempts)
                throw new EmbeddedPostgresException($"PostgreSQL did not start in {account.Home}. Its log ends with:\n{failure}");
            // Somebody else took the port, or what a crash left is about to end.
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }

    public void Dispose() => _use?.Dispose();

    /// <summary>The connection to a server that runs; one that is about to start or to stop is waited for.</summary>
    private static async Task<string?> RunningAsync(PostgresCluster cluster)
    {
        for (var since = DateTime.UtcNow; DateTime.UtcNow - since < Patience; await Task.Delay(50))
        {
            if (cluster.RunningPort() is not { } port)
                return null;
            var connection = $"Host=127.0.0.1;Port={port.ToString(CultureInfo.InvariantCulture)};Username={PostgresCluster.User};Password={cluster.Password};Database=postgres";
            try
            {
                await using var trial = new NpgsqlConnection(connection + ";Pooling=false;Timeout=5");
                await trial.OpenAsync();
                return connection;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidPassword)
            {
                throw new EmbeddedPostgresException($"The server on port {port} refuses the password of its own folder {cluster.Folder}.", e);
            }
            catch (NpgsqlException)
            {
                // Not yet, or no longer.
            }
        }
        throw new EmbeddedPostgresException($"A PostgreSQL server runs in {cluster.Folder} and does not answer. Stop it first.");
    }

    /// <summary>Of processes that start at once, one makes the database and starts the server.</summary>
    private async Task<FileStream> TakeTurnAsync()
    {
        for (var since = DateTime.UtcNow; ; await Task.Delay(50))
        {
            try
            {
                return new FileStream(Path.Combine(folder, "starting.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (DateTime.UtcNow - since < 2 * Patience)
            {
            }
        }
    }

    private static void Private(string folder)
    {
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
