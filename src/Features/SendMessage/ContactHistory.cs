using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.SendMessage;

/// <summary>Reads who messaged a patient and when. No message is opened for it.</summary>
public static class ContactHistory
{
    /// <param name="isTest">The test patient is somebody else for everyone: each has a phone of their own for it.</param>
    public static Func<Contact> Ask(IReading reading, string patient, bool isTest, Clinician clinician, DateTimeOffset now)
    {
        var me = clinician.Id;
        var where = $"c.practice = @practice and c.patient = @patient and c.status <> 'Undone' {(isTest ? "and c.requester = @me" : "")}";
        var parameters = Question.Named(new { practice = clinician.PracticeId, patient, me, since = Instant.To(now - Contact.Lately) });
        var sent = reading.Query<Row>($"select c.requester, c.sent_at as sentat from mt_doc_conversation_row c where {where} and c.sent_at > @since order by c.sent_at desc", parameters);
        var replied = reading.Query<long?>($"select max(c.replied_at) from mt_doc_conversation_row c where {where}", parameters);
        var others = isTest ? null : reading.LoadAll<Clinician>(new(
            $"(select distinct c.requester from mt_doc_conversation_row c where {where} and c.sent_at > @since and c.requester <> @me)", parameters));
        return () => Of(sent.Value, replied.Value[0], me, others?.Value ?? []);
    }

    private static Contact Of(IReadOnlyList<Row> sent, long? replied, string me, IReadOnlyList<Clinician> others)
    {
        var names = others.ToDictionary(other => other.Id, other => other.Name);
        names[me] = Contact.You;
        string NameOf(string sender) => names.GetValueOrDefault(sender, "a former colleague");
        return new(
            [.. sent.GroupBy(row => row.Requester).OrderByDescending(group => group.Key == me).Select(group => (NameOf(group.Key), group.Count()))],
            sent.Count == 0 ? null : Instant.From(sent[0].SentAt), sent.Count == 0 ? "" : NameOf(sent[0].Requester),
            replied is { } at ? Instant.From(at) : null);
    }

    private sealed record Row(string Requester, long SentAt);
}
