using PatientResponse.Tests.Deploy;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Benchmark;

/// <summary>What is measured and not asserted, because it depends on the machine: see tests/benchmark.</summary>
internal static class Benchmarks
{
    public static async Task RunAsync(string[] names)
    {
        if (names.Length == 0 || names.Contains("checks")) CheckCosts.Measure();
        if (names is ["checks"]) return;
        if (names is ["compare", .. var folders])
        {
            await SideBySide.MeasureAsync(folders, patients: 200_000);
            return;
        }
        if (names is ["desk", var desk])
        {
            await SideBySide.MeasureDeskAsync(desk, patients: 200_000, conversations: 5_000);
            return;
        }
        if (names is ["growth", var grown])
        {
            await SideBySide.MeasureGrowthAsync(grown);
            return;
        }
        if (names is ["anonymous", var folder])
        {
            await using var already = await Published.AlreadyAsync(folder);
            if (!await AnonymousCosts.MeasureAsync(already))
                Environment.ExitCode = 1;
            return;
        }
        await using var published = new Published();
        await published.InitializeAsync();
        if (names.Length == 0 || names.Contains("replies"))
        {
            await RepliesAtOnce.MeasureAsync(published, "folder", 100, []);
            if (Environment.GetEnvironmentVariable("TEST_S3") is not null)
            {
                using var bucket = await S3Server.Get().NewBucketAsync();
                await RepliesAtOnce.MeasureAsync(published, "s3", 20, bucket.AppSettings.ToDictionary(setting => setting.Key.Replace(":", "__"), setting => setting.Value!));
            }
        }
        if ((names.Length == 0 || names.Contains("anonymous")) && !await AnonymousCosts.MeasureAsync(published))
            Environment.ExitCode = 1;
        if (names.Length == 0 || names.Contains("lighthouse"))
            await Lighthouse.MeasureAsync(published);
    }
}
