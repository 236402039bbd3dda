namespace PatientResponse.Features.UploadReply;

/// <summary>An answer that could not be stored: nothing was spent, and what was typed is shown back.</summary>
public sealed record NotSaved(string Text, bool IsTooLarge = false);
