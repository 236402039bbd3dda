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

    /// <summary>0 where nothing is to be done. Otherwise how urgent it is and since when, in one number, so that a list is sorted by it.</summary>
    public long Attention { get; set; }

    /// <summary>1 where the requester has dealt with it, or has written to the patient again since.</summary>
    public long Done { get; set; }

    /// <summary>1 where the requester says that it is in the patient's record. It only narrows a list, so it has no column and is under no seal;
    /// what a page shows of it stands in the summary.</summary>
    public long Saved { get; set; }

    /// <summary>Which form of the row this is; 0 of a version that did not say. <see cref="CurrentForm"/> is what this version writes.</summary>
    public long Form { get; set; }

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

    /// <summary>Raised whenever a row says something else than before of the same conversation: the rows of before are then written anew.</summary>
    public const long CurrentForm = 3;

    private const int BitsOfInstant = 44;

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
        // My messages to one patient, for the thread.
        mapping.AddIndex("requester", "patient", "sent_at");
        // Whom a clinician messaged last is shown beside every search.
        mapping.AddIndex("requester", "sent_at");
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
        Attention = AttentionOf(conversation),
        Done = conversation.IsDone || conversation.IsAnswered ? 1 : 0,
        Saved = conversation.IsSavedToRecord ? 1 : 0,
        Form = CurrentForm,
        Follows = conversation.Sent.Follows,
        SentAt = Instant.To(conversation.Sent.At),
        RepliedAt = conversation.Reply is { } reply ? Instant.To(reply.At) : null,
    };

    /// <summary>A patient who was not reached, or cannot answer, comes before an answer; then the newest.</summary>
    public static long AttentionOf(Conversation conversation) => conversation.ToDo switch
    {
        ToDo.Nothing => 0,
        ToDo.Reply => (1L << BitsOfInstant) | Instant.To(conversation.HappenedAt),
        _ => (2L << BitsOfInstant) | Instant.To(conversation.HappenedAt),
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
