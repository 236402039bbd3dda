using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Infrastructure.Sms;

/// <summary>How many SMS a clinician and a practice may send in a day: a bound on mistakes and on a stolen account. A practice's day is
/// counted in shares, so that colleagues who send at once do not wait for one row.</summary>
public sealed class DailyCap(Counters counters, TimeProvider time)
{
    private const int Shares = 16;
    private static readonly TimeSpan Window = TimeSpan.FromHours(25);

    /// <summary>What was sent today, read with other things.</summary>
    public Func<TakenToday> Ask(IReading reading, Clinician clinician) => Ask(reading, clinician, UkTime.Today(time));

    /// <summary>The same for another day.</summary>
    public Func<TakenToday> Ask(IReading reading, Clinician clinician, DateOnly today)
    {
        var (own, day) = ($"sms/{clinician.Id}/{today:O}", $"sms/{clinician.PracticeId}/{today:O}");
        string[] keys = [own, .. Enumerable.Range(0, Shares).Select(share => $"{day}/{share}")];
        var counts = counters.Read(reading, keys);
        return () => new(keys, counts());
    }

    /// <summary>Null when one more may go, otherwise what to tell the clinician.</summary>
    public string? Refusal(TakenToday taken, Practice practice) =>
        taken.Own >= practice.DailyCapPerClinician
            ? $"You have reached the most text messages that one person may send in a day ({practice.DailyCapPerClinician}). Send it tomorrow, or ask a colleague to."
        : taken.OfPractice >= practice.DailyCap || Share(taken, practice) is null
            ? $"{practice.Name} has reached the most text messages that it may send in a day ({practice.DailyCap}). Send it tomorrow."
        : null;

    /// <summary>Counts one more in the save of the message itself, which fails as a conflict where others took the last one meanwhile.</summary>
    public void Take(IDocumentSession session, TakenToday taken, Practice practice)
    {
        var share = Share(taken, practice) ?? throw new InvalidOperationException("Ask first whether one may go.");
        session.Enlist(counters.AddUpTo(practice.DailyCapPerClinician, taken.Keys[0], Window));
        session.Enlist(counters.AddUpTo(Most(practice, share), taken.Keys[1 + share], Window));
    }

    /// <summary>Takes one back in the save that undoes the message, of the practice from the share that has most.</summary>
    public void GiveBack(IDocumentSession session, TakenToday taken)
    {
        session.Enlist(counters.TakeBack(taken.Keys[0]));
        session.Enlist(counters.TakeBack(taken.Keys[1 + Enumerable.Range(0, Shares).MaxBy(share => taken.Counts[1 + share])]));
    }

    /// <summary>Any that has room. Null when none has: all shares together are the practice's cap.</summary>
    private static int? Share(TakenToday taken, Practice practice)
    {
        int[] free = [.. Enumerable.Range(0, Shares).Where(share => taken.Counts[1 + share] < Most(practice, share))];
        return free.Length == 0 ? null : free[Random.Shared.Next(free.Length)];
    }

    private static int Most(Practice practice, int share) => (practice.DailyCap / Shares) + (share < practice.DailyCap % Shares ? 1 : 0);
}

/// <param name="Keys">The clinician's, and then those of the practice's shares.</param>
public sealed record TakenToday(IReadOnlyList<string> Keys, IReadOnlyList<long> Counts)
{
    public long Own => Counts[0];

    public long OfPractice => Counts.Skip(1).Sum();
}
