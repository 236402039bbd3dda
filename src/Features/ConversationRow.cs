using System.Data.Common;
using System.Globalization;
using System.Text.Json.Serialization;
using Marten;
using Marten.Schema;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features;

/// <summary>What lists of conversations filter and sort by, in clear; the <see cref="ConversationSummary"/> is sealed.</summary>
[DocumentAlias("conversation_row")]
public sealed class ConversationRow : ISealedRow
{
    public Guid Id { get; set; }
    public string Ref { get; set; } = "";
    public string Practice { get; set; } = "";
    public string Requester { get; set; } = "";
    public string Patient { get; set; } = "";
    public string Status { get; set; } = "";
    public string Delivery { get; set; } = "";

    /// <summary>1 or 0, so that a list is sorted by it.</summary>
    public long Attention { get; set; }
    public long Done { get; set; }

    /// <summary>Which conversation this one asks again after.</summary>
    public Guid? Follows { get; set; }
    public long SentAt { get; set; }
    public long? RepliedAt { get; set; }
    public byte[] Data { get; set; } = [];
    public byte[] Seal { get; set; } = [];

    /// <summary>What it has in clear, by column.</summary>
    private static readonly (string Column, Func<ConversationRow, object?> Of)[] InClear =
    [
        ("ref", row => row.Ref), ("practice", row => row.Practice), ("requester", row => row.Requester), ("patient", row => row.Patient), ("status", row => row.Status),
        ("delivery", row => row.Delivery), ("attention", row => row.Attention), ("done", row => row.Done), ("follows", row => row.Follows), ("sent_at", row => row.SentAt),
        ("replied_at", row => row.RepliedAt),
    ];

    [JsonIgnore]
    public string Clear => string.Concat(InClear.Select(one => Said(one.Of(this))));

    public static string ClearColumns => string.Join(", ", InClear.Select(one => $"r.{one.Column}"));

    public static string ClearOf(DbDataReader reader, int first) => string.Concat(InClear.Select((_, at) => Said(reader.GetValue(first + at))));

    /// <summary>The columns that say something else.</summary>
    public IEnumerable<string> DifferencesTo(ConversationRow other) => InClear.Where(one => !Equals(one.Of(this), one.Of(other))).Select(one => one.Column);

    /// <summary>With its length, so that nothing can be shifted from one column to the next.</summary>
    private static string Said(object? value) => value switch
    {
        null or DBNull => "-;",
        Guid id => $"{id:N};",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) is { } text ? string.Create(CultureInfo.InvariantCulture, $"{text.Length}:{text};") : "",
    };

    /// <summary>Marten's convention for a document's own settings.</summary>
    public static void ConfigureMarten(DocumentMapping<ConversationRow> mapping)
    {
        foreach (var name in new[] { nameof(Ref), nameof(Practice), nameof(Requester), nameof(Patient), nameof(Status), nameof(Delivery), nameof(Attention), nameof(Done), nameof(SentAt) })
            mapping.DuplicateField(name, notNull: true);
        mapping.DuplicateField(nameof(Follows));
        mapping.DuplicateField(nameof(RepliedAt));
        mapping.AddIndex("ref").IsUnique = true;
        mapping.AddIndex("follows");
        // My conversations: read backwards.
        mapping.AddIndex("requester", "attention", "sent_at", "id");
        // How often a practice has messaged a patient lately: shown on the compose page at every visit.
        mapping.AddIndex("practice", "patient", "sent_at");
        // Whom a clinician messaged last is shown beside every search, also while they type.
        mapping.AddIndex("requester", "patient", "sent_at");
        // What is past a practice's retention is found without reading the rest.
        mapping.AddIndex("practice", "sent_at", "id");
    }

    internal static ConversationRow Of(Conversation conversation) => new()
    {
        Id = conversation.Id,
        Ref = conversation.Sent.Ref,
        Practice = conversation.Sent.PracticeId,
        Requester = conversation.RequesterId,
        Patient = conversation.Patient.PatientId,
        Status = conversation.Status.ToString(),
        Delivery = conversation.Delivery.ToString(),
        Attention = conversation.NeedsAttention ? 1 : 0,
        Done = conversation.IsDone ? 1 : 0,
        Follows = conversation.Sent.Follows,
        SentAt = Instant.To(conversation.Sent.At),
        RepliedAt = conversation.Reply is { } reply ? Instant.To(reply.At) : null,
    };
}

/// <summary>What Marten keeps of conversations.</summary>
public sealed class ConversationMarten : IMartenPart
{
    public void Configure(StoreOptions options)
    {
        options.Projections.LiveStreamAggregation<Conversation>();
        options.RegisterDocumentType<ConversationRow>();
        options.RegisterDocumentType<ConversationLink>();
    }
}

/// <summary>Finds the conversation of a link, dead ones included.</summary>
[DocumentAlias("link")]
public sealed class ConversationLink : IReadModel
{
    /// <summary>The token's hash.</summary>
    public string Id { get; set; } = "";
    public Guid Stream { get; set; }

    public static void ConfigureMarten(DocumentMapping<ConversationLink> mapping)
    {
        mapping.DuplicateField(nameof(Stream), notNull: true);
        mapping.AddIndex("stream");
    }
}
