using PatientResponse.Infrastructure.Patients;

namespace PatientResponse.Features.ImportPatients;

/// <param name="SkipBadRows">Load the good rows of a file that has bad ones.</param>
/// <param name="AllowMissing">Take over a list that leaves out more than a fifth of the patients.</param>
public sealed record ImportPatients(string File, string Practice, bool SkipBadRows, bool AllowMissing);

/// <summary>What came of an import.</summary>
/// <param name="Refusal">Why nothing was changed; null when the list was taken over.</param>
/// <param name="Untexted">Living patients who have no number that can be texted.</param>
public sealed record ImportResult(string? Refusal, ListChanges? Changes, long BadRows, long Untexted = 0);

/// <summary>Reads a file into a practice's list.</summary>
/// <param name="tell">Told of progress, bad rows and what the file is, and of no patient.</param>
public sealed class PatientImporter(LocalPatients patients, TimeProvider time, Action<ImportNote> tell)
{
    private const int ProgressEvery = 10_000;

    public async Task<ImportResult> RunAsync(ImportPatients command, CancellationToken cancellation)
    {
        var file = await PatientFile.OpenAsync(command.File, cancellation);
        if (file.Encoding != "UTF-8")
            tell(new ImportNote.About($"The file is not UTF-8. It is read as {file.Encoding}."));
        await using var import = await patients.BeginImportAsync(command.Practice, cancellation);
        CheckedFile read;
        try
        {
            using var header = file.Lines().GetEnumerator();
            if (!header.MoveNext() || header.Current.Cells is not { } cells)
                return Refused("The file is empty, or its first line cannot be read.");
            if (PatientColumns.Read(cells, out var mistake) is not { } columns)
                return Refused(mistake);
            read = CheckedFile.Read(file, columns, Infrastructure.Text.UkTime.Today(time), tell);
        }
        catch (InvalidDataException e)
        {
            return Refused(e.Message);
        }
        if (read.Bad.Count > 0 && !command.SkipBadRows)
            return Refused($"{read.Bad.Count} of {read.Rows} rows cannot be read. Mend them, or leave them out with --skip-bad-rows.");
        if (read.Bad.Count == read.Rows)
            return Refused("The file has no patients.");
        foreach (var (index, patient) in read.Patients().Index())
        {
            await import.AddAsync(patient, cancellation);
            if ((index + 1) % ProgressEvery == 0)
                tell(new ImportNote.Progress(index + 1));
        }
        await KeepAsync(import, read, cancellation);
        tell(new ImportNote.Saving());
        var changes = await import.TakeOverAsync(time.GetUtcNow(), changes => command.AllowMissing || !changes.LeavesOutTooMany, cancellation);
        return !command.AllowMissing && changes.LeavesOutTooMany
            ? new($"{changes.Missing} of {changes.Before} patients are not in this file, more than a fifth. If it is the whole list, add --allow-missing.", changes, read.Bad.Count)
            : new(null, changes, read.Bad.Count, read.Untexted);

        ImportResult Refused(string why) => new(why, null, 0);
    }

    /// <summary>A row that cannot be read takes nobody off the list.</summary>
    private async Task KeepAsync(PatientListImport import, CheckedFile read, CancellationToken cancellation)
    {
        var unknown = 0;
        foreach (var (line, row) in read.Bad.OrderBy(bad => bad.Key))
        {
            if (read.IsTaken(row))
                continue;
            if (await import.KeepAsync(row.Patient, cancellation) is { } id)
                tell(new ImportNote.Remark(line, $"this patient is on the list and stays as before: /patients/{id}/message"));
            else if (!row.HasNumber)
                unknown++;
        }
        if (unknown == 0)
            return;
        import.KeepAll();
        tell(new ImportNote.About($"Nobody is marked as no longer on the list: of {unknown} {(unknown == 1 ? "row" : "rows")} it cannot be told whose {(unknown == 1 ? "it is" : "they are")}."));
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

    /// <summary>Something to know about a row that is taken all the same, or that was told of before.</summary>
    public sealed record Remark(long Line, string Text) : ImportNote;

    public sealed record Progress(long Rows) : ImportNote;

    /// <summary>All rows were read and are being taken over.</summary>
    public sealed record Saving : ImportNote;
}
