using System.Diagnostics;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Processes;

/// <summary>The operator's process is killed (-9) in the middle of an import; Alice's practice goes on with its list.</summary>
public sealed class KilledImportTests : IDisposable
{
    private const string Header = "NHS number,Given name,Family name,Date of birth,Mobile\n";
    private readonly string _folder = Directory.CreateTempSubdirectory("patient-response-").FullName;
    private string? _postgres;

    [Fact]
    public async Task An_import_that_is_killed_leaves_the_old_list_whole_and_can_be_repeated()
    {
        await using var started = await TestDatabase.StartAsync();
        _postgres = started.ConnectionString;
        var before = await FileAsync("before.csv", Numbers().Take(40).Select(number => $"{number},Anna,Before,1980-03-31,\n"));
        var after = await FileAsync("after.csv", Numbers().Skip(20).Take(20_000).Select(number => $"{number},Anna,After,1980-03-31,\n"));
        await RunAsync("practice", "set", "riverside", "--name", "Riverside Surgery");
        await RunAsync("patients", "import", before, "--practice", "riverside");

        using (var import = Start("patients", "import", after, "--practice", "riverside", "--allow-missing"))
        {
            while (await import.StandardError.ReadLineAsync() is { } line && !line.StartsWith("10,000 rows", StringComparison.Ordinal)) { }
            import.Kill();
            await import.WaitForExitAsync();
        }

        var database = started.Database;
        Assert.True(await database.CountAsync("patients") > 5_000, "It was in the middle.");
        var found = await SearchAsync(database, "before");
        Assert.Equal((40, 0), (found!.Count, found.Count(patient => patient.Warning is not null)));
        Assert.Empty((await SearchAsync(database, "after"))!);

        await RunAsync("patients", "import", after, "--practice", "riverside", "--allow-missing");

        found = await SearchAsync(database, "before");
        Assert.Equal((20, 20), (found!.Count, found.Count(patient => patient.Warning is not null)));
        Assert.True((await SearchAsync(database, "after")).AndMore);
        Assert.Equal(20_020, await database.CountAsync("patients"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<PatientsFound> SearchAsync(IDatabase database, string name) =>
        await new LocalPatients(database, new(await RootKey.OpenAsync(database, new(TestCopy.MasterKey, [])))).SearchAsync(PatientQuery.Parse(name, null), new() { PracticeId = "riverside" }, CancellationToken.None);

    private async Task<string> FileAsync(string name, IEnumerable<string> rows)
    {
        var file = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(file, Header + string.Concat(rows));
        return file;
    }

    private async Task RunAsync(params string[] command)
    {
        using var process = Start(command);
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
    }

    private Process Start(params string[] command)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, .. command])
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["Data__Folder"] = _folder,
                ["Encryption__MasterKey"] = Convert.ToBase64String(TestCopy.MasterKey),
                ["ConnectionStrings__Postgres"] = _postgres,
            },
        };
        return Process.Start(start)!;
    }

    private static IEnumerable<string> Numbers()
    {
        for (var digits = 9990000000; ; digits++)
            if (NhsNumber.TryParse($"{digits}", out var number, out _))
                yield return number.Value;
    }
}
