using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.SendMessage;

/// <summary>What a clinician began to write to a patient and did not send: shown to them alone, in every browser that they sign in with.
/// It is nobody's record: it goes when it is sent or deleted, seven days after the last change, and with the clinician's access.</summary>
/// <param name="Begun">The newest first. Who begins anew before looking at what was begun keeps both.</param>
public sealed record MessageDraft(string Id, string ClinicianId, IReadOnlyList<BegunMessage> Begun, DateTimeOffset ChangedAt) : IShortLived
{
    /// <summary>The shortest time that a practice may keep conversations for is longer.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>More are not kept: the oldest goes.</summary>
    public const int Most = 3;

    /// <summary>In characters. Above what can be sent, so that a text that is too long can still be made shorter.</summary>
    public const int MostKept = 10_000;

    public DateTimeOffset? Expires => ChangedAt + Lifetime;

    /// <summary>It stands in clear, and names neither.</summary>
    public static string IdOf(Clinician clinician, string patient) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{clinician.Id}\n{patient}")))[..32];

    /// <summary>Of the patient whom a conversation is with, which need not be read yet: <see cref="IdOf"/> in SQL.</summary>
    public static Func<string, MessageDraft?> Ask(IReading reading, Clinician clinician, Guid conversation)
    {
        var draft = reading.Load<MessageDraft>(new Sought(
            "(select substr(encode(sha256(convert_to(@clinician || chr(10) || patient, 'UTF8')), 'hex'), 1, 32) from mt_doc_conversation_row where id = @conversation)",
            Question.Named(new { clinician = clinician.Id, conversation })));
        // The row only says where to look.
        return patient => draft.Value is { } found && found.Id == IdOf(clinician, patient) ? found : null;
    }

    /// <summary>What may be offered; those that are too old are not.</summary>
    public static IReadOnlyList<BegunMessage> Offered(MessageDraft? draft, Guid sending, DateTimeOffset now) =>
        [.. (draft?.Begun ?? []).Where(begun => begun.Sending != sending && !Lifetime.HasPassed(begun.At, now))];

    /// <summary>With this text in place of what the same page said before; an empty one is no draft.</summary>
    public static MessageDraft With(MessageDraft? draft, Clinician clinician, string patient, BegunMessage begun) =>
        Without(draft, clinician, patient, begun.Sending, begun.At) is var others && string.IsNullOrWhiteSpace(begun.Text) ? others : others with
        {
            Begun = [.. others.Begun.Prepend(begun with { Text = begun.Text[..Math.Min(begun.Text.Length, MostKept)] }).Take(Most)],
        };

    /// <summary>Emptied rather than deleted: a save that was on its way when the message went finds that it came too late.</summary>
    public static MessageDraft Without(MessageDraft? draft, Clinician clinician, string patient, Guid sending, DateTimeOffset now) =>
        new(IdOf(clinician, patient), clinician.Id, [.. Offered(draft, sending, now)], now);

    /// <summary>Nothing of it is another than what is stored.</summary>
    public bool IsSameAs(MessageDraft? stored) => Begun.Select(begun => begun.Words).SequenceEqual((stored?.Begun ?? []).Select(begun => begun.Words));
}

/// <param name="Sending">The page that it was written on.</param>
/// <param name="Mobile">Another number than the patient's, as it was typed.</param>
/// <param name="At">When it was changed last.</param>
public sealed record BegunMessage(Guid Sending, string Text, bool AllowResponse, bool Neutral, DateTimeOffset At, DateTimeOffset BegunAt, string Mobile = "")
{
    private const int MostShown = 80;

    /// <summary>To be recognised by.</summary>
    [JsonIgnore]
    public string Shortened => Text.Trim() is { Length: > MostShown } all ? $"{all[..MostShown].TrimEnd()}…" : Text.Trim();

    [JsonIgnore]
    public (Guid, string, bool, bool, string) Words => (Sending, Text, AllowResponse, Neutral, Mobile);
}
