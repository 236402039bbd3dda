namespace PatientResponse.Features.Desk;

/// <summary>Some rows of a list.</summary>
/// <param name="LabelledBy">The id of their heading; null where they have none.</param>
/// <param name="EndsWithDone">Each has its own "Done", in the form that they stand in.</param>
public sealed record ListedRows(DeskList List, IReadOnlyList<ConversationSummary> Rows, string? LabelledBy, bool EndsWithDone = false);
