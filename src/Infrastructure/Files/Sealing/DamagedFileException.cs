namespace PatientResponse.Infrastructure.Files.Sealing;

/// <summary>A stored file is not what was written: changed, cut, extended, moved, or of another key. Never shown.</summary>
public sealed class DamagedFileException : Exception
{
    public DamagedFileException() : base("The stored file is damaged.") { }

    public DamagedFileException(Exception cause) : base("The stored file is damaged.", cause) { }
}
