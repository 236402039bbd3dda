using System.Collections.Concurrent;
using Npgsql;
using PatientResponse.Infrastructure.Storage;

[assembly: AssemblyFixture(typeof(PatientResponse.Tests.Support.Installation.CleanUp))]

namespace PatientResponse.Tests.Support;

/// <summary>A data folder and, on PostgreSQL, a database for one app.</summary>
/// <param name="Folder">With the master key, and on SQLite the database.</param>
/// <param name="Postgres">The connection string; null on SQLite.</param>
internal sealed record Installation(string Folder, string? Postgres)
{
    private static readonly Dictionary<string, Lazy<Installation>> Seeded = new[] { Engines.Sqlite, Engines.Postgres }
        .ToDictionary(engine => engine, engine => new Lazy<Installation>(() => Seed(engine)));
    private static readonly ConcurrentBag<string> Free = [];
    private static readonly ConcurrentDictionary<string, bool> Lent = [];

    private const string Remember =
        """
        -- Its app may still be about to close its connections.
        select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid();
        create schema seeded;
        do $$ declare t text; begin
            for t in select tablename from pg_tables where schemaname = 'public' loop
                execute format('create table seeded.%1$I as table public.%1$I', t);
            end loop;
        end $$
        """;

    private const string PutBack =
        """
        do $$ declare t text; begin
            -- Rows refer to others: all at once, without asking in which order.
            perform set_config('session_replication_role', 'replica', true);
            for t in select tablename from pg_tables where schemaname = 'seeded' loop
                execute format('delete from public.%I', t);
                execute format('insert into public.%1$I overriding system value table seeded.%1$I', t);
            end loop;
        end $$
        """;

    /// <summary>Nothing in it yet.</summary>
    public static Installation Empty(string engine) => new(NewFolder(), engine == Engines.Postgres ? Engines.CreateDatabase() : null);

    /// <summary>As one that was started once and stopped. A copy: importing patients and hashing passwords would take each test longer than what it tests.</summary>
    public static Installation Demo(string engine)
    {
        var seeded = Seeded[engine].Value;
        var copy = new Installation(NewFolder(), seeded.Postgres is null ? null : DemoDatabase(seeded.Postgres));
        foreach (var file in Directory.GetFiles(seeded.Folder).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(copy.Folder, Path.GetFileName(file)));
        return copy;
    }

    /// <summary>After the last process that uses it has ended.</summary>
    public void Delete()
    {
        if (Postgres is not null && !Lent.ContainsKey(Postgres))
            Engines.DropDatabase(Postgres);
        else if (Postgres is not null)
            Free.Add(Postgres);
        Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
    }

    /// <summary>Making a database takes a few hundred times as long as putting its rows back.</summary>
    private static string DemoDatabase(string seeded)
    {
        while (Free.TryTake(out var free))
        {
            try
            {
                Engines.Execute(free, PutBack);
                return free;
            }
            catch (PostgresException)
            {
                // A test took its tables apart.
            }
        }
        var database = Engines.CreateDatabase(template: seeded);
        Lent[database] = true;
        return database;
    }

    private static Installation Seed(string engine)
    {
        var installation = Empty(engine);
        Task.Run(async () =>
        {
            await using var app = new TestApp(installation);
            app.StartServer();
        }).GetAwaiter().GetResult();
        if (installation.Postgres is { } database)
            Engines.Execute(database, Remember);
        else
            WaitUntilClosed(installation.Folder);
        return installation;
    }

    /// <summary>An app ends a little after its <c>DisposeAsync</c>: its <c>Main</c> disposes of it as well.</summary>
    internal static void WaitUntilClosed(string folder) => SpinWait.SpinUntil(() => IsClosed(folder));

    private static bool IsClosed(string folder)
    {
        using var again = new DataFolder(folder);
        return again.TryServe();
    }

    private static string NewFolder() =>
        Directory.CreateDirectory(Path.Combine(Directory.CreateTempSubdirectory("patient-response-").FullName, "data")).FullName;

    /// <summary>After the last test.</summary>
    public sealed class CleanUp : IDisposable
    {
        public void Dispose()
        {
            foreach (var seeded in Seeded.Values.Where(seeded => seeded.IsValueCreated))
                seeded.Value.Delete();
            foreach (var database in Lent.Keys)
                Engines.DropDatabase(database);
        }
    }
}
