namespace PatientResponse.Infrastructure.Scan;

/// <summary>What clamd's reply to INSTREAM means (clamd(8)).</summary>
public static class ClamAvReply
{
    /// <param name="Signature">The name of what was found.</param>
    public readonly record struct Meaning(ScanOutcome Outcome, string? Signature = null);

    /// <summary>Clean only in clamd's very words. A reply that is cut off, empty or unknown says nothing about the file.</summary>
    public static Meaning Of(string reply)
    {
        const string about = "stream: ", found = " FOUND";
        if (reply == "stream: OK") return new(ScanOutcome.Clean);
        if (reply == "INSTREAM size limit exceeded. ERROR") return new(ScanOutcome.BeyondLimits);
        // In "stream: FOUND" the two share a space, and nothing is named.
        if (!reply.StartsWith(about, StringComparison.Ordinal) || !reply.EndsWith(found, StringComparison.Ordinal) || reply.Length <= about.Length + found.Length)
            return new(ScanOutcome.Unavailable);
        var signature = reply[about.Length..^found.Length];
        // With AlertExceedsMax clamd "finds" its own limits: no virus, and nothing scanned to the end.
        return signature.StartsWith("Heuristics.Limits.Exceeded", StringComparison.Ordinal)
            ? new(ScanOutcome.BeyondLimits)
            : new(ScanOutcome.Infected, signature);
    }
}
