using System.Globalization;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.Desk;

/// <summary>A place in the list: what is to be done first, then the newest.</summary>
/// <param name="Attention">As in <see cref="ConversationRow"/>.</param>
/// <param name="SentAt">Milliseconds since 1970, UTC.</param>
public sealed record ListKey(long Attention, long SentAt, string Id)
{
    public static ListKey Of(ConversationSummary row) => new(row.Attention, Instant.To(row.SentAt), row.Id.ToString("N"));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Attention}-{SentAt}-{Id}");

    /// <summary>Null for anything that <see cref="ToString"/> did not write.</summary>
    public static ListKey? Parse(string? text) =>
        text?.Split('-') is [var attention, var sent, var id] && Number(attention) is { } urgency && Number(sent) is { } at && Ids.Parse(id) is not null
            ? new(urgency, at, id) : null;

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
