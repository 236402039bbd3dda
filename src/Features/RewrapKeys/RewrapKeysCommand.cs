using System.CommandLine;
using System.Globalization;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Features.RewrapKeys;

/// <summary><c>keys rewrap</c>: from now on the new master key alone opens everything, and this shows it.</summary>
public sealed class RewrapKeysCommand : IOperatorCommand
{
    public string Group => "keys";

    public Command Build(IServiceProvider services)
    {
        var command = new Command("rewrap",
            "Puts everything under Encryption:MasterKey, and opens everything with it alone. Then Encryption:OldMasterKeys can go. "
            + "It may run beside serving processes and be run again. Backups from before still need the old key.");
        command.SetAction(async (parsed, cancellation) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var (database, masters) = (services.GetRequiredService<IDatabase>(), services.GetRequiredService<MasterKeys>());
            try
            {
                await error.WriteLineAsync(await RootKey.RewrapAsync(database, masters, cancellation)
                    ? "The root key is now under Encryption:MasterKey. Opening everything with it …"
                    : "The root key was under Encryption:MasterKey already. Opening everything with it …");
            }
            catch (ConcurrencyException)
            {
                await error.WriteLineAsync("Somebody else is doing the same. Run it again.");
                return 1;
            }
            var alone = new Keyring(await RootKey.OpenAsync(database, masters with { Old = [] }, cancellation));
            var report = await new SealCheck(database, alone).RunAsync(
                (what, count) => error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} {what}")), cancellation);
            foreach (var broken in report.Broken)
                await output.WriteLineAsync($"unreadable\t{broken}");
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"opened\t{report.StreamKeys} stream keys\t{report.Documents} documents\t{report.Patients} patients"));
            await (report.Broken.Count == 0
                ? output.WriteLineAsync("Nothing needs an old key any more.")
                : error.WriteLineAsync("Some things do not open with this key. Keep the old ones, and see verify."));
            return report.Broken.Count == 0 ? 0 : 1;
        });
        return command;
    }
}
