using PatientResponse.Infrastructure.Messaging;

namespace PatientResponse.Infrastructure.Scan;

/// <summary>Notes whether the scanner answers.</summary>
public sealed class WatchedScanner(IFileScanner scanner, Outages outages) : IFileScanner
{
    public async Task<ScanOutcome> ScanAsync(Stream plain, CancellationToken cancellation = default)
    {
        var outcome = await scanner.ScanAsync(plain, cancellation);
        await outages.NoteAsync(Outages.Scanner, outcome == ScanOutcome.Unavailable);
        return outcome;
    }
}
