namespace PatientResponse.Infrastructure.Scan;

/// <summary>What became of looking for viruses in one file. Only <see cref="Clean"/> says that there are none.</summary>
public enum ScanOutcome
{
    /// <summary>This installation has no scanner.</summary>
    NoScanner,
    Clean,
    Infected,

    /// <summary>Larger, or deeper nested, than the scanner looks into.</summary>
    BeyondLimits,

    /// <summary>Down, too slow, or not understood: to be asked again later.</summary>
    Unavailable,
}

public interface IFileScanner
{
    /// <summary>Reads the file to where an answer is known; leaves it open. Failures of the file's own stream pass through.</summary>
    Task<ScanOutcome> ScanAsync(Stream plain, CancellationToken cancellation = default);
}
