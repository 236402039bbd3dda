using System.Diagnostics;
using System.Globalization;
using System.Net;
using Npgsql;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Infrastructure.Sms.Twilio;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Processes.Faults;

/// <summary>Two processes of the product, all that they talk to, and a small disk. Whatever is between them can be broken.</summary>
internal sealed class World : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("patient-response-").FullName;
    private readonly JournalRelay _relay = new();
    private readonly FalseClamd _scanner = FalseClamd.Saying("stream: OK\0");
    private readonly TwilioCounterpart _twilio;
    private Bucket? _bucket;

    private World(TwilioCounterpart twilio, OwnPostgres server, FakeAccount account) => (_twilio, Server, Account) = (twilio, server, account);

    public OwnPostgres Server { get; }

    /// <summary>The carrier's journal.</summary>
    public FakeAccount Account { get; }

    /// <summary>The relay's journal.</summary>
    public IReadOnlyList<ReceivedMail> Mails => _relay.Taken;

    /// <summary>Null where there is none: files are in a folder then.</summary>
    public S3Gateway? Store { get; private set; }

    public Traps Traps { get; } = new();

    public IReadOnlyList<ProductProcess> Processes { get; private set; } = [];

    public bool HasSmallDisk { get; private set; }

    private string Disk => Path.Combine(_folder, "disk");

    private string Ballast => Path.Combine(Disk, "ballast");

    public static async Task<World> StartAsync(TwilioCounterpart twilio)
    {
        var (server, carrier) = (OwnPostgres.StartAsync(), await twilio.CarrierAsync());
        var world = new World(twilio, await server, carrier.NewAccount());
        Directory.CreateDirectory(world.Disk);
        world.HasSmallDisk = Environment.IsPrivilegedProcess && await RunAsync("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", world.Disk);
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("TEST_S3")))
        {
            world.Store = new(S3Server.Get());
            await world.Store.StartAsync();
            world._bucket = await S3Server.Get().NewBucketAsync();
        }
        world.Processes = [world.NewProcess("one", new(carrier.Address)), world.NewProcess("two", new(carrier.Address))];
        await Task.WhenAll(world.Processes.Select(process => process.StartAsync()));
        await world.WithCopyAsync(copy => copy.WithAsync(async session =>
        {
            var practice = (await session.LoadAsync<Practice>("demo"))!;
            practice.DailyCap = practice.DailyCapPerClinician = 1_000_000;
            session.Store(practice);
            await session.SaveChangesAsync();
            return true;
        }));
        return world;
    }

    /// <summary>Looks at what is stored, past all wires.</summary>
    public async Task<T> WithCopyAsync<T>(Func<TestCopy, Task<T>> look)
    {
        await using var database = PostgresDatabase.Open(Server.ConnectionString);
        await using var copy = new TestCopy(database, new FakeTime());
        copy.Time.Advance(DateTimeOffset.UtcNow - copy.Time.GetUtcNow());
        return await look(copy);
    }

    public async Task<T> WithDatabaseAsync<T>(Func<IDatabase, Task<T>> look)
    {
        await using var database = PostgresDatabase.Open(Server.ConnectionString);
        return await look(database);
    }

    /// <summary>What the carrier has taken, oldest first.</summary>
    public IReadOnlyList<FakeMessage> Texts
    {
        get
        {
            lock (Account.Messages)
                return [.. Account.Messages];
        }
    }

    /// <summary>Twilio's signature of a report.</summary>
    public Task<string> SignAsync(string url, IReadOnlyDictionary<string, string> fields) => _twilio.SignAsync(Account.Token, url, fields);

    /// <summary>Not a byte is left on the disk.</summary>
    public void FillDisk()
    {
        var bytes = new byte[64 * 1024];
        try
        {
            using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            while (true)
                ballast.Write(bytes);
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    public void EmptyDisk() => File.Delete(Ballast);

    /// <summary>An operator's command, in a process of its own.</summary>
    public async Task<(int Exit, string Output)> CommandAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in Settings(Server.ConnectionString, _bucket?.Settings.ServiceUrl))
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Processes)
            await process.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        await Server.DisposeAsync();
        if (Store is not null)
            await Store.DisposeAsync();
        _bucket?.Dispose();
        _relay.Dispose();
        _scanner.Dispose();
        if (HasSmallDisk)
            await RunAsync("umount", "--lazy", Disk);
        Directory.Delete(_folder, recursive: true);
    }

    private ProductProcess NewProcess(string name, Uri carrier)
    {
        ProductProcess? process = null;
        var server = new NpgsqlConnectionStringBuilder(Server.ConnectionString);
        var wires = Wires.To(server, carrier, _relay.Port, _scanner.Port, Store is null ? null : new(Store.ServiceUrl), point => Traps.ReachedAsync(point, process!));
        (server.Port, server.SslMode, server.GssEncryptionMode) = (wires.Database.Port, SslMode.Disable, GssEncryptionMode.Disable);
        var settings = Settings(server.ToString(), wires.Store is null ? null : $"http://127.0.0.1:{wires.Store.Port}");
        settings["Twilio:BaseUrl"] = $"http://127.0.0.1:{wires.Carrier.Port}";
        settings["Email:Smtp:Port"] = Number(wires.Relay.Port);
        settings["Scan:ClamAv:Port"] = Number(wires.Scanner.Port);
        return process = new(name, _folder, wires, settings);
    }

    private Dictionary<string, string> Settings(string database, string? store)
    {
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["PublicUrl"] = "http://reply.example.nhs.uk",
            ["Data:Folder"] = Path.Combine(Disk, "data"),
            ["ConnectionStrings:Postgres"] = database,
            ["Encryption:MasterKey"] = Convert.ToBase64String(TestCopy.MasterKey),
            // Everybody has an address of their own, or they would slow each other down.
            ["Proxy:KnownNetworks:0"] = "127.0.0.0/8",
            // A clock that is wrong would destroy all of it.
            ["Retention:Days"] = "30",
            ["Sms:Provider"] = "twilio",
            ["Sms:UndoFor"] = TestApp.NoUndo,
            ["Twilio:AccountSid"] = Account.Sid,
            ["Twilio:AuthToken"] = Account.Token,
            ["Twilio:From"] = "Riverside",
            ["Email:Provider"] = "smtp",
            ["Email:Smtp:Host"] = "127.0.0.1",
            ["Email:Smtp:Port"] = Number(_relay.Port),
            ["Email:Smtp:Plain"] = "true",
            ["Email:Smtp:From"] = "no-reply@riverside.example.nhs.uk",
            ["Scan:ClamAv:Host"] = "127.0.0.1",
            ["Scan:ClamAv:Port"] = Number(_scanner.Port),
        };
        foreach (var (key, value) in _bucket?.AppSettings ?? [])
            settings[key] = value!;
        if (store is not null)
            settings["Files:S3:ServiceUrl"] = store;
        return settings;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task<bool> RunAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
