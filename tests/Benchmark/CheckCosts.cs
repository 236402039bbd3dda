using System.Diagnostics;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Tests.Infrastructure.Files;

namespace PatientResponse.Tests.Benchmark;

/// <summary>Acceptance 54: what files cost that are made to cost much, in milliseconds of one processor.</summary>
internal static class CheckCosts
{
    public static void Measure()
    {
        Console.WriteLine("processor ms, first and best of 3     size      verdict");
        double most = 0;
        foreach (var (name, kind, _, make) in WorstCases.All)
        {
            var file = make();
            var verdict = default(ContentVerdict);
            double[] times = [.. Enumerable.Range(0, 3).Select(_ => Cost(() => verdict = ContentCheck.Check(new MemoryStream(file), kind)))];
            most = Math.Max(most, times[0]);
            Console.WriteLine($"{times[0],8:N0} {times.Min(),8:N0} {file.Length,24:N0}      {verdict.Problem?.ToString() ?? (verdict.ActiveContent ? "flagged" : "sound"),-10} {kind}: {name}");
        }
        Console.WriteLine($"{most,8:N0} at most; 250 allowed");
    }

    private static double Cost(Action check)
    {
        GC.Collect();
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        check();
        return (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMilliseconds;
    }
}
