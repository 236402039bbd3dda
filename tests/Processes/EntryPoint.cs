using PatientResponse.Tests.Benchmark;
using Xunit.MicrosoftTestingPlatform;

namespace PatientResponse.Tests.Processes;

public static class EntryPoint
{
    public static async Task<int> Main(string[] args)
    {
        // Far from UTC, so that whoever takes local time for it is found out.
        Environment.SetEnvironmentVariable("TZ", "Pacific/Auckland");
        // Twilio's library then writes patients' numbers to the console, unless it is kept from it.
        Environment.SetEnvironmentVariable("TWILIO_LOG_LEVEL", "debug");
        if (args is ["benchmark", ..])
        {
            await Benchmarks.RunAsync(args[1..]);
            return 0;
        }
        if (args is ["plain", var address])
        {
            await Plain.ServeAsync(address);
            return 0;
        }
        if (args is not ["serve", ..])
            return await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
        await ChildApp.ServeAsync(args[1..]);
        return 0;
    }
}
