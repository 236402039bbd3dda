using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.MarkDone;

/// <summary>Which conversation comes after one in the list of what is to be done; after the last one the first.</summary>
public static class NextToDo
{
    public static Answer<IReadOnlyList<Guid>> Ask(IReading reading, string requester, Guid conversation) => reading.Query<Guid>(
        """
        select r.id from mt_doc_conversation_row r, mt_doc_conversation_row this
        where this.id = @conversation and r.requester = @requester and r.attention > 0 and r.id <> this.id
        order by (r.attention, r.sent_at, r.id) < (this.attention, this.sent_at, this.id) desc, r.attention desc, r.sent_at desc, r.id desc limit 1
        """, new { requester, conversation });
}
