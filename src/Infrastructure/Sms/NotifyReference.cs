namespace PatientResponse.Infrastructure.Sms;

/// <summary>By what Notify knows an attempt: its list is searched by it, and its reports bear it.</summary>
public static class NotifyReference
{
    public static string Of(Guid conversation, Guid attempt) => $"{conversation:N}-{attempt:N}";

    /// <summary>Null for what is none of ours.</summary>
    public static (Guid Conversation, Guid Attempt)? Parse(string? reference) =>
        reference?.Split('-') is [var first, var second] && Guid.TryParseExact(first, "N", out var conversation) && Guid.TryParseExact(second, "N", out var attempt)
            ? (conversation, attempt) : null;
}
