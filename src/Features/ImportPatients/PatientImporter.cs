using PatientResponse.Infrastructure.Patients;

namespace PatientResponse.Features.ImportPatients;

/// <param name="SkipBadRows">Load the good rows of a file that has bad ones.</param>
/// <param name="AllowMissing">Take over a list that leaves out more than a fifth of the patients.</param>
public sealed record ImportPatients(string File, string Practice, bool SkipBadRows, bool AllowMissing);

/// <summary>What came of an import.</summary>
/// <param name="Refusal">Why nothing was changed; null when the list was taken over.</param>
public sealed record ImportResult(string? Refusal, ListChanges? Changes, long BadRows);

/// <summary>Reads a file line by line into a practice's list.</summary>
/// <param name="tell">Told of progress, bad rows and what the file is, and of no patient.</param>
public sealed class PatientImporter(LocalPatients patients, TimeProvider time, Action<ImportNote> tell)
{
    private const int MostBadRowsListed = 1_000;
    private const int ProgressEvery = 10_000;

    public async Task<ImportResult> RunAsync(ImportPatients command, CancellationToken cancellation)
    {
        using var file = await PatientFile.OpenAsync(command.File, cancellation);
        if (file.Encoding != "UTF-8")
            tell(new ImportNote.About($"The file is not UTF-8. It is read as {file.Encoding}."));
        await using var import = await patients.BeginImportAsync(command.Practice, cancellation);
        var (good, bad) = (0L, 0L);
        try
        {
            using var lines = file.Lines().GetEnumerator();
            if (!lines.MoveNext() || lines.Current.Cells is not { } header)
                return Refused("The file is empty, or its first line cannot be read.");
            if (PatientColumns.Read(header, out var mistake) is not { } columns)
                return Refused(mistake);
            var (seen, today) = (new Dictionary<string, long>(), Infrastructure.Web.UkTime.Today(time));
            while (lines.MoveNext())
            {
                var line = lines.Current;
                mistake = "a quotation mark in the wrong place";
                var patient = line.Cells is null ? null : PatientRow.Read(columns, line.Cells, today, out mistake);
                if (patient is not null && !seen.TryAdd(patient.NhsNumber.Value, line.Number))
                {
                    mistake = $"NHS number: the same as in line {seen[patient.NhsNumber.Value]}";
                    patient = null;
                }
                if (patient is null)
                {
                    if (++bad <= MostBadRowsListed)
                        tell(new ImportNote.BadRow(line.Number, mistake));
                }
                else
                {
                    // After a bad row nothing more has to be stored: the list will be refused.
                    if (bad == 0 || command.SkipBadRows)
                        await import.AddAsync(patient, cancellation);
                    good++;
                }
                if ((good + bad) % ProgressEvery == 0)
                    tell(new ImportNote.Progress(good + bad));
            }
        }
        catch (InvalidDataException e)
        {
            return Refused(e.Message);
        }
        if (bad > 0 && !command.SkipBadRows)
            return Refused($"{bad} of {good + bad} rows cannot be read. Mend them, or leave them out with --skip-bad-rows.");
        if (good == 0)
            return Refused("The file has no patients.");
        tell(new ImportNote.Saving());
        var changes = await import.TakeOverAsync(time.GetUtcNow(), changes => command.AllowMissing || !changes.LeavesOutTooMany, cancellation);
        return !command.AllowMissing && changes.LeavesOutTooMany
            ? new($"{changes.Missing} of {changes.Before} patients are not in this file, more than a fifth. If it is the whole list, add --allow-missing.", changes, bad)
            : new(null, changes, bad);

        ImportResult Refused(string why) => new(why, null, bad);
    }
}

/// <summary>What the operator reads while a list is imported.</summary>
public abstract record ImportNote
{
    private ImportNote()
    {
    }

    public sealed record About(string Text) : ImportNote;

    public sealed record BadRow(long Line, string Mistake) : ImportNote;

    public sealed record Progress(long Rows) : ImportNote;

    /// <summary>All rows were read and are being taken over.</summary>
    public sealed record Saving : ImportNote;
}
