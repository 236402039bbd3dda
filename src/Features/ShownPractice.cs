using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features;

public static class ShownPractice
{
    /// <summary>The practice of a conversation, for somebody who has not given a date of birth: only where it lets its name be shown,
    /// and never for a message in neutral words.</summary>
    public static async Task<Practice?> ShownPracticeAsync(this IDocumentSession session, Conversation conversation) =>
        !conversation.Sent.Neutral && await session.LoadAsync<Practice>(conversation.Sent.PracticeId) is { ShowNameBeforeDateOfBirth: true } practice
            ? practice : null;
}
