using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Infrastructure.Sms;

/// <summary>How many SMS a clinician and a practice may send in a day: a bound on mistakes and on a stolen account.</summary>
public sealed class DailyCap(Counters counters, TimeProvider time)
{
    /// <summary>Counts one more SMS. Null when it may go, otherwise what to tell the clinician.</summary>
    public async Task<string?> TakeAsync(Clinician clinician, Practice practice, CancellationToken cancellation)
    {
        var day = UkTime.Today(time).ToString("O");
        if (await counters.AddAsync($"sms/{clinician.Id}/{day}", Window, cancellation) > practice.DailyCapPerClinician)
            return $"You have reached the most text messages that one person may send in a day ({practice.DailyCapPerClinician}). Send it tomorrow, or ask a colleague to.";
        if (await counters.AddAsync($"sms/{practice.Id}/{day}", Window, cancellation) > practice.DailyCap)
            return $"{practice.Name} has reached the most text messages that it may send in a day ({practice.DailyCap}). Send it tomorrow.";
        return null;
    }

    private static readonly TimeSpan Window = TimeSpan.FromHours(25);
}
