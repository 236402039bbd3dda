using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.EraseConversation;

public enum RetentionStep { Nothing, Mark, Unmark, Erase }

/// <summary>What retention does with a conversation: it marks first, and erases what was marked a day before.</summary>
public static class RetentionHandler
{
    /// <param name="sentBefore">What was sent, or kept, since then stays; null where the practice keeps everything.</param>
    public static RetentionStep Decide(Conversation conversation, ErasureMark? mark, DateTimeOffset? sentBefore, DateTimeOffset now)
    {
        if (!IsDue(conversation, mark, sentBefore, now))
            return mark is { KeptAt: null } ? RetentionStep.Unmark : RetentionStep.Nothing;
        // A mark of a day to come was made by a wrong clock.
        if (mark is not { Expires: { } goes } || mark.MarkedAt - now > ClockJudge.Apart)
            return RetentionStep.Mark;
        return now >= goes ? RetentionStep.Erase : RetentionStep.Nothing;
    }

    /// <summary>How many of a practice's conversations go at once without a word of the operator's: a share, and in a small practice always some.</summary>
    public static long MostAtOnce(long conversations, int percent) => Math.Max(Few, conversations * percent / 100);

    private const long Few = 10;

    private static bool IsDue(Conversation conversation, ErasureMark? mark, DateTimeOffset? sentBefore, DateTimeOffset now) =>
        conversation.Sent.At < sentBefore && !(mark?.KeptAt >= sentBefore) && conversation.IsOverAt(now);
}
