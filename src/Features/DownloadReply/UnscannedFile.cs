using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Features.DownloadReply;

/// <summary>A file that must not be opened.</summary>
/// <param name="Back">The conversation's address.</param>
public sealed record UnscannedFile(string Back, string Name, FileScan Scan);
