namespace PatientResponse.Features.DownloadReply;

/// <param name="Back">The conversation's address.</param>
public sealed record DamagedFile(string Back, string Name);
