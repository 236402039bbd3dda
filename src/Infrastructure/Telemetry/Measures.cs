using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace PatientResponse.Infrastructure.Telemetry;

/// <summary>What this process counts, by the names in docs/operate.md. Counting costs nothing where nobody listens.</summary>
public sealed class Measures
{
    public const string Meter = "PatientResponse";
    private readonly Counter<long> _deliveries;
    private readonly Counter<long> _replies;
    private readonly Counter<long> _files;
    private readonly Counter<long> _fileBytes;
    private readonly Counter<long> _refusedDates;
    private readonly Counter<long> _lockedLinks;
    private readonly Counter<long> _refusedPasswords;
    private readonly Histogram<double> _checks;
    private readonly ConcurrentDictionary<string, long> _erasuresHeld = [];

    public Measures(IMeterFactory meters)
    {
        var meter = meters.Create(Meter);
        _deliveries = meter.CreateCounter<long>("patient_response.deliveries", "{attempt}", "What became of attempts to send an SMS.");
        _replies = meter.CreateCounter<long>("patient_response.replies", "{reply}", "Replies that were stored.");
        _files = meter.CreateCounter<long>("patient_response.files", "{file}", "Files of the replies that were stored.");
        _fileBytes = meter.CreateCounter<long>("patient_response.file.bytes", "By", "Size of the files of the replies that were stored.");
        _refusedDates = meter.CreateCounter<long>("patient_response.dates_of_birth.refused", "{try}", "Wrong dates of birth.");
        _lockedLinks = meter.CreateCounter<long>("patient_response.links.locked", "{link}", "Links that wrong dates of birth locked.");
        _refusedPasswords = meter.CreateCounter<long>("patient_response.passwords.refused", "{try}", "Wrong passwords.");
        _checks = meter.CreateHistogram("patient_response.file.check.duration", "s", "How long looking into a file took.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] });
        meter.CreateObservableGauge("patient_response.erasures.held", () => _erasuresHeld.Values.Sum(), "{conversation}",
            "Conversations past retention that are too many to be erased at once without a word of the operator's.");
    }

    /// <param name="outcome"><c>accepted</c>, <c>delivered</c>, <c>postponed</c>, <c>failed</c> or <c>unknown</c>.</param>
    public void Delivery(string outcome) => _deliveries.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Reply(int files, long bytes)
    {
        _replies.Add(1);
        _files.Add(files);
        _fileBytes.Add(bytes);
    }

    public void DateOfBirthRefused() => _refusedDates.Add(1);

    /// <param name="conversations">How many wait for the operator; 0 when none does.</param>
    /// <returns>Whether it is another number than before.</returns>
    public bool ErasuresHeld(string practice, long conversations)
    {
        var before = _erasuresHeld.GetValueOrDefault(practice);
        _erasuresHeld[practice] = conversations;
        return before != conversations;
    }

    public void PasswordRefused() => _refusedPasswords.Add(1);

    public void LinkLocked() => _lockedLinks.Add(1);

    public void FileChecked(string kind, bool refused, TimeSpan took) => _checks.Record(took.TotalSeconds,
        new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("refused", refused));
}
