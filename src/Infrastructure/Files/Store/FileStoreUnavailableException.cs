namespace PatientResponse.Infrastructure.Files.Store;

/// <summary>The file store cannot be used now: disk full, no permission, bucket away. Nothing of the write is left.</summary>
public sealed class FileStoreUnavailableException(Exception cause) : IOException("The file store cannot be used now.", cause);
