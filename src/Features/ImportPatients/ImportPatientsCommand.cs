using System.CommandLine;
using System.Globalization;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.ImportPatients;

/// <summary><c>patients import</c>: makes a file the list of a practice.</summary>
public sealed class ImportPatientsCommand : IOperatorCommand
{
    public string Group => "patients";

    public Command Build(IServiceProvider services)
    {
        var file = new Argument<string>("file")
        {
            Description = "Comma, semicolon, tab or | separated; UTF-8, UTF-16 or Windows-1252. The first line names the columns: NHS number, Given name, "
                + "Family name, Date of birth, Mobile; and, if there are any: Title, Deceased, Restricted. Dates: 1980-03-31, 31/03/1980 or 31-Mar-1980",
        };
        var practice = new Option<string>("--practice") { Description = "The id of the practice whose whole list this is", Required = true };
        var skip = new Option<bool>("--skip-bad-rows") { Description = "Load the good rows and leave the patients in bad rows unchanged. Without this, a file with bad rows loads nothing" };
        var allow = new Option<bool>("--allow-missing") { Description = "Accept a list that leaves out more than a fifth of the practice's patients" };
        var command = new Command("import", "Loads a file as a practice's whole patient list. Patients who are not in it are kept, and marked as not on the current list.") { file, practice, skip, allow };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var import = new ImportPatients(parsed.GetRequiredValue(file), parsed.GetRequiredValue(practice), parsed.GetValue(skip), parsed.GetValue(allow));
            await using var scope = services.CreateAsyncScope();
            var (refusal, summary) = await RunAsync(scope.ServiceProvider, import, note => Tell(note, error), cancellation);
            if (summary is not null)
                await output.WriteLineAsync(summary);
            if (refusal is not null)
                await error.WriteLineAsync("Nothing was changed. " + refusal);
            return refusal is null ? 0 : 1;
        });
        return command;
    }

    private static async Task<(string? Refusal, string? Summary)> RunAsync(
        IServiceProvider services, ImportPatients command, Action<ImportNote> tell, CancellationToken cancellation)
    {
        if (await services.GetRequiredService<IDocumentSession>().LoadAsync<Practice>(command.Practice, cancellation) is null)
            return ($"There is no practice {command.Practice}. Make it first: practice set.", null);
        try
        {
            var result = await new PatientImporter(services.GetRequiredService<LocalPatients>(), services.GetRequiredService<TimeProvider>(), tell)
                .RunAsync(command, cancellation);
            return (result.Refusal, result.Refusal is null ? Summary(result) : null);
        }
        catch (ConcurrencyException)
        {
            return ("Another import for this practice was started meanwhile.", null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return ("There is no such file.", null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ("The file cannot be read.", null);
        }
    }

    private static string Summary(ImportResult result)
    {
        var changes = result.Changes!;
        var counts = string.Create(CultureInfo.InvariantCulture,
            $"{changes.Added:N0} added, {changes.Changed:N0} changed, {changes.Returned:N0} back on the list, {changes.Unchanged:N0} unchanged, {changes.Missing:N0} no longer on the list; {result.BadRows:N0} bad rows left out.");
        return counts
            + (changes is { Added: 0, Changed: 0, Returned: 0, Missing: 0 } ? " Nothing has changed." : "")
            + (changes.Kept > 0 ? $" {People(changes.Kept, "stays", "stay")} as before, because of bad rows." : "")
            + (result.Untexted > 0 ? $" {People(result.Untexted, "has", "have")} no number that can be texted." : "");
    }

    private static string People(long count, string one, string more) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? "patient " + one : "patients " + more)}");

    /// <summary>On a terminal the count of rows stays on one line.</summary>
    private static void Tell(ImportNote note, TextWriter to)
    {
        var terminal = ReferenceEquals(to, Console.Error) && !Console.IsErrorRedirected;
        switch (note)
        {
            case ImportNote.Progress progress:
                var rows = string.Create(CultureInfo.InvariantCulture, $"{progress.Rows:N0} rows taken in");
                to.Write(terminal ? "\r" + rows : rows + to.NewLine);
                break;
            case ImportNote.Saving:
                to.WriteLine(terminal ? "\nSaving" : "Saving");
                break;
            case ImportNote.BadRow bad:
                to.WriteLine($"Line {bad.Line}: {bad.Mistake}");
                break;
            case ImportNote.Remark remark:
                to.WriteLine($"Line {remark.Line}: {remark.Text}");
                break;
            case ImportNote.About about:
                to.WriteLine(about.Text);
                break;
        }
    }
}
