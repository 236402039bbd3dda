using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features;

/// <summary>The latest day that an email about missing answers is planned for: whatever ends before it is told with it.</summary>
/// <param name="Id">Of the clinician.</param>
public sealed record UnansweredEmail(string Id, DateOnly Day) : IDocument
{
    /// <summary>Before the day's work, in the United Kingdom.</summary>
    private static readonly TimeOnly At = new(7, 30);

    /// <summary>Plans the next one, unless it is planned already.</summary>
    public static async Task PlanAsync(IDocumentSession session, string clinician, DateTimeOffset now, CancellationToken cancellation)
    {
        var (day, due) = NextAfter(now);
        if ((await session.LoadAsync<UnansweredEmail>(clinician, cancellation))?.Day >= day)
            return;
        session.Store(new UnansweredEmail(clinician, day));
        var messages = new OutgoingMessages();
        messages.Schedule(new NotifyUnanswered(clinician, day), due);
        session.Publish(messages);
    }

    public static (DateOnly Day, DateTimeOffset Due) NextAfter(DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(UkTime.Of(now).DateTime);
        var day = UkTime.At(today, At) > now ? today : today.AddDays(1);
        return (day, UkTime.At(day, At));
    }
}
