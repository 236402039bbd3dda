using System.Diagnostics;
using System.Globalization;
using PatientResponse.Infrastructure.Storage.Embedded;

namespace PatientResponse.Tests.Benchmark;

/// <summary>Published versions of the product, each step for one after the other, on one PostgreSQL that waits for its disk. What else
/// the machine does troubles all of them alike.</summary>
internal static class SideBySide
{
    private const int Rounds = 3;

    /// <param name="folders">Published folders, each as <c>name=folder</c>.</param>
    public static async Task MeasureAsync(IReadOnlyList<string> folders, int patients)
    {
        var work = Directory.CreateTempSubdirectory("patient-response-benchmark-").FullName;
        using var server = new EmbeddedPostgres(Path.Combine(work, "postgres"), PostgresPrograms.Find(Repository.Root), "shared_buffers = 256MB\nmax_connections = 200");
        var connection = await server.StartAsync();
        try
        {
            var versions = folders.Select(folder => new Version(folder.Split('=')[0], folder.Split('=')[1], Path.Combine(work, folder.Split('=')[0]), connection)).ToList();
            foreach (var version in versions)
            {
                version.CreateDatabase();
                Tell("published, MB", version, version.Megabytes);
            }
            await EachAsync(versions, Rounds, "start, seconds of processor", "start, seconds until ready", "idle memory, MB", StartAsync);
            await EachAsync(versions, 1, "messages sent a second, 16 clients", "", "", async version => [await Sending.MeasureAsync(version)]);
            await EachAsync(versions, 1, "SMS drained a second, 4 workers", "commits for each SMS", "", Draining.MeasureAsync);
            await EachAsync(versions, Rounds, "date-of-birth pages a second, 16 connections", "the same of a bare plain-text endpoint", "ratio", TokenPages.MeasureAsync);
            await EachAsync(versions, 1, "replies taken a second, 16 clients", "5 photos of 7 MB, seconds", "", Replying.MeasureAsync);
            foreach (var version in versions)
                await Latencies.MeasureAsync(version, patients);
            await Growth.MeasureAsync(versions[^1], Sizes);
        }
        finally
        {
            server.Dispose();
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>What grows, of one version alone.</summary>
    public static async Task MeasureGrowthAsync(string folder)
    {
        var work = Directory.CreateTempSubdirectory("patient-response-benchmark-").FullName;
        using var server = new EmbeddedPostgres(Path.Combine(work, "postgres"), PostgresPrograms.Find(Repository.Root), "shared_buffers = 256MB\nmax_connections = 200\nmax_wal_size = 4GB");
        var version = new Version("new", folder, Path.Combine(work, "data"), await server.StartAsync());
        version.CreateDatabase();
        await Growth.MeasureAsync(version, Sizes);
        server.Dispose();
        Directory.Delete(work, recursive: true);
    }

    /// <summary>Acceptance 66: what one clinician waits for among conversations of their own, of one version alone.</summary>
    public static async Task MeasureDeskAsync(string folder, int patients, int conversations)
    {
        var work = Directory.CreateTempSubdirectory("patient-response-benchmark-").FullName;
        using var server = new EmbeddedPostgres(Path.Combine(work, "postgres"), PostgresPrograms.Find(Repository.Root), "shared_buffers = 256MB\nmax_connections = 200");
        var version = new Version("new", folder, Path.Combine(work, "data"), await server.StartAsync());
        version.CreateDatabase();
        await Sending.FillAsync(version, conversations);
        await Latencies.MeasureAsync(version, patients);
        server.Dispose();
        Directory.Delete(work, recursive: true);
    }

    private static readonly int[] Sizes = [1_000, 10_000, 100_000, 1_000_000];

    public static void Tell(string what, Version version, double figure) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} | {version.Name} | {figure:0.###}"));

    /// <summary>The middle of the rounds, in which the versions take turns.</summary>
    private static async Task EachAsync(IReadOnlyList<Version> versions, int rounds, string one, string two, string three, Func<Version, Task<double[]>> measure)
    {
        var figures = versions.ToDictionary(version => version, _ => new List<double[]>());
        for (var round = 0; round < rounds; round++)
            foreach (var version in versions)
                figures[version].Add(await measure(version));
        foreach (var version in versions)
            foreach (var (i, what) in new[] { one, two, three }.Index().Where(what => what.Item != ""))
                Tell(what, version, figures[version].Select(figure => figure[i]).Order().ElementAt(rounds / 2));
    }

    private static async Task<double[]> StartAsync(Version version)
    {
        var clock = Stopwatch.StartNew();
        await using var app = await version.StartAsync(workers: 4);
        var (ready, processor) = (clock.Elapsed.TotalSeconds, app.Processor);
        await Task.Delay(TimeSpan.FromSeconds(10));
        return [processor, ready, app.Memory / 1_000_000.0];
    }
}
