using PatientResponse.Infrastructure.Patients;

namespace PatientResponse.Features.ImportPatients;

/// <summary>A file that was read to its end once, so that nothing of it is taken before all that is wrong with it is known.</summary>
public sealed class CheckedFile
{
    private const int MostListed = 1_000;
    private readonly PatientFile _file;
    private readonly PatientColumns _columns;
    private readonly DateOnly _today;
    private readonly Dictionary<long, PatientRow> _bad = [];
    private readonly Dictionary<string, Seen> _seen = [];

    private CheckedFile(PatientFile file, PatientColumns columns, DateOnly today) => (_file, _columns, _today) = (file, columns, today);

    public long Rows { get; private set; }

    /// <summary>Living patients who have no number that can be texted.</summary>
    public long Untexted { get; private set; }

    /// <summary>The rows that are not taken, by line.</summary>
    public IReadOnlyDictionary<long, PatientRow> Bad => _bad;

    /// <exception cref="InvalidDataException">From some line on the file cannot be read; its message says where.</exception>
    public static CheckedFile Read(PatientFile file, PatientColumns columns, DateOnly today, Action<ImportNote> tell)
    {
        var read = new CheckedFile(file, columns, today);
        var (bad, remarks) = (0, 0);
        foreach (var (line, row) in read.All())
        {
            foreach (var (where, mistake) in read.Check(line, row))
                if (++bad <= MostListed)
                    tell(new ImportNote.BadRow(where, mistake));
            if (!read._bad.ContainsKey(line) && row.Remark != "" && ++remarks <= MostListed)
                tell(new ImportNote.Remark(line, row.Remark));
        }
        foreach (var (more, what) in ((int, string)[])[(bad - MostListed, "bad rows"), (remarks - MostListed, "remarks")])
            if (more > 0)
                tell(new ImportNote.About($"And {more} more {what}."));
        return read;
    }

    public IEnumerable<PatientRecord> Patients() => All().Where(line => !_bad.ContainsKey(line.Line)).Select(line => line.Row.Patient);

    /// <summary>Whether another row of the same patient is taken.</summary>
    public bool IsTaken(PatientRow row) => row.HasNumber && _seen.TryGetValue(row.Patient.NhsNumber.Value, out var seen) && !_bad.ContainsKey(seen.Line);

    private IEnumerable<(long Line, PatientRow Row)> All() => _file.Lines().Skip(1).Select(line => (line.Number,
        line.Cells is null ? PatientRow.Unreadable("a quotation mark in the wrong place") : PatientRow.Read(_columns, line.Cells, _today)));

    /// <summary>What is wrong with a row, and perhaps now with an earlier one.</summary>
    private IEnumerable<(long Line, string Mistake)> Check(long line, PatientRow row)
    {
        Rows++;
        var content = row.Patient.GetHashCode();
        if (!row.HasNumber || _seen.TryAdd(row.Patient.NhsNumber.Value, new(line, content)))
        {
            if (row.Mistake != "")
                yield return Reject(line, row, row.Mistake);
            else if (!row.CanBeTexted && !row.Patient.Deceased)
                Untexted++;
            yield break;
        }
        var first = _seen[row.Patient.NhsNumber.Value];
        if (first.Content == content)
        {
            yield return Reject(line, row, $"NHS number: the same as in line {first.Line}");
            yield break;
        }
        // Nobody can tell which of them is right.
        yield return Reject(line, row, $"NHS number: the same as in line {first.Line}, with other details");
        if (!_bad.ContainsKey(first.Line))
            yield return Reject(first.Line, row, $"NHS number: the same as in line {line}, with other details");
    }

    private (long Line, string Mistake) Reject(long line, PatientRow row, string mistake)
    {
        _bad[line] = row;
        return (line, mistake);
    }

    private readonly record struct Seen(long Line, int Content);
}
