using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.SendMessage;

/// <summary>Reads who messaged a patient and when. No message is opened for it.</summary>
public static class ContactHistory
{
    public static async Task<Contact> ReadAsync(IDatabase database, IDocumentSession session, ComposeForm form, DateTimeOffset now, CancellationToken cancellation)
    {
        var me = form.Clinician.Id;
        // The test patient is somebody else for everyone: each has a phone of their own for it.
        var mine = form.Patient.IsTest ? "and c.requester = @me" : "";
        var where = $"c.practice = @practice and c.patient = @patient {mine}";
        var parameters = new { practice = form.Practice.Id, patient = form.Patient.Id, me, since = Instant.To(now - Contact.Lately) };
        var sent = await database.QueryAsync<Row>(
            $"select c.requester, c.sent_at as sentat from mt_doc_conversation_row c where {where} and c.sent_at > @since order by c.sent_at desc", parameters, cancellation);
        var replied = await database.QueryAsync<long?>(
            $"select max(c.replied_at) from mt_doc_conversation_row c where {where}", parameters, cancellation);
        var names = new Dictionary<string, string> { [me] = Contact.You };
        foreach (var sender in sent.Select(row => row.Requester).Distinct().Where(sender => sender != me))
            names[sender] = (await session.LoadReadableAsync<Clinician>(sender, cancellation))?.Name ?? "a former colleague";
        return new(
            [.. sent.GroupBy(row => row.Requester).OrderByDescending(group => group.Key == me).Select(group => (names[group.Key], group.Count()))],
            sent.Count == 0 ? null : Instant.From(sent[0].SentAt), sent.Count == 0 ? "" : names[sent[0].Requester],
            replied[0] is { } at ? Instant.From(at) : null);
    }

    private sealed record Row(string Requester, long SentAt);
}
