namespace PatientResponse.Features.UploadReply;

/// <summary>An answer that could not be stored, or of which nobody knows it. What was typed is shown back, to be sent again from there.</summary>
/// <param name="MayBeSaved">It may have been stored all the same.</param>
/// <param name="HasFiles">Files came with it, and cannot be sent again from the page.</param>
/// <param name="Action">What the button does.</param>
public sealed record NotSaved(string Ref, string Text, Proxy? Proxy, long TypedAt, string Action, bool HasFiles, bool IsTooLarge, bool MayBeSaved)
{
    public static NotSaved Of(ReplyFormReader reader, string reference, int status, bool mayBeSaved) => new(
        reference, reader.Text, reader.Proxy, reader.TypedAt, ActionOf(reader), reader.HasFiles, status == StatusCodes.Status413PayloadTooLarge, mayBeSaved);

    /// <summary>Without its files nothing is sent: the page that follows shows which are there.</summary>
    private static string ActionOf(ReplyFormReader reader) =>
        reader.Action == "send" && (reader.HasFiles || !reader.IsAtEnd || reader.Text.Length == 0) ? "keep" : reader.Action;
}
