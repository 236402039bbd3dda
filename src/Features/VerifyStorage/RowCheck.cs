using System.Text.Json;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.VerifyStorage;

/// <summary>Whether the row of a conversation, by which lists find and show it, and its links say what its events say.</summary>
public static class RowCheck
{
    /// <returns>The columns that do not, or <c>row</c> or <c>link</c> for what is missing or one too many.</returns>
    public static async Task<IReadOnlyList<string>> DifferencesAsync(IDatabase database, IEventStream<Conversation> stream, CancellationToken cancellation)
    {
        var expected = ConversationRow.Of(stream.Aggregate);
        var columns = await database.QueryAsync<ConversationRow>(
            "select id, ref, practice, requester, patient, status, delivery, attention, done, follows, sent_at as SentAt, replied_at as RepliedAt from mt_doc_conversation_row where id = @Id",
            new { stream.Id }, cancellation);
        if (columns.Count == 0)
            return ["row"];
        var json = await database.QueryAsync<string>("select data::text from mt_doc_conversation_row where id = @Id", new { stream.Id }, cancellation);
        var links = await database.QueryAsync<string>("select id from mt_doc_link where stream = @Id order by id", new { stream.Id }, cancellation);
        return
        [
            .. expected.DifferencesTo(columns[0]).Union(expected.DifferencesTo(JsonSerializer.Deserialize<ConversationRow>(json[0])!)),
            .. links.SequenceEqual(HashesOf(stream).Order(StringComparer.Ordinal)) ? [] : new[] { "link" },
        ];
    }

    /// <summary>Of every link that was ever sent.</summary>
    private static IEnumerable<string> HashesOf(IEventStream<Conversation> stream) => stream.History
        .Select(happened => happened.Data switch { MessageSent sent => sent.Token, SmsSentAgain again => again.Token, _ => null })
        .Select(token => token is not null && LinkToken.TryParse(token, out var link) ? link.Hash : null).OfType<string>().Distinct();
}
