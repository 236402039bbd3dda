using PatientResponse.Infrastructure.Scan;

namespace PatientResponse.Infrastructure.Files.Intake;

/// <summary>Whether a kept file was scanned for viruses. Stored by number.</summary>
public enum FileScan
{
    /// <summary>There was no scanner when it came.</summary>
    NotScanned,
    Clean,

    /// <summary>The scanner was down or could not take it: nobody opens it until it was scanned.</summary>
    Waiting,
    Infected,
}

public static class FileScans
{
    public static bool IsOpenable(this FileScan scan) => scan is FileScan.NotScanned or FileScan.Clean;

    public static FileScan Of(ScanOutcome outcome) => outcome switch
    {
        ScanOutcome.NoScanner => FileScan.NotScanned,
        ScanOutcome.Clean => FileScan.Clean,
        ScanOutcome.Infected => FileScan.Infected,
        _ => FileScan.Waiting,
    };
}
