namespace PatientResponse.Infrastructure.Sms;

/// <param name="Number">One of Ofcom's numbers for drama, which nobody has.</param>
/// <param name="Meaning">What happens to a text message that goes there.</param>
public sealed record SimulatedNumber(UkMobile Number, string Meaning, SmsOutcome Outcome);

/// <summary>Numbers with which a newcomer sees every way that a text message can end. The embedded carrier alone knows them.</summary>
public static class SimulatedNumbers
{
    public static IReadOnlyList<SimulatedNumber> All { get; } =
    [
        Of("07700 900010", "wrong number", new SmsOutcome.Permanent(SmsFailure.WrongNumber)),
        Of("07700 900011", "not a mobile", new SmsOutcome.Permanent(SmsFailure.NotAMobile)),
        Of("07700 900012", "the patient opted out", new SmsOutcome.Permanent(SmsFailure.OptedOut)),
        Of("07700 900013", "phone off or full", Reported(SmsReport.Failed, SmsFailure.Unreachable)),
        Of("07700 900014", "blocked by the network", Reported(SmsReport.Failed, SmsFailure.Blocked)),
        Of("07700 900015", "failed, and nobody says why", Reported(SmsReport.Failed, SmsFailure.Other)),
        Of("07700 900017", "nobody can tell whether it arrived", new SmsOutcome.Unknown()),
        Of("07700 900018", "waits: the network is busy for 4 hours, then it fails", new SmsOutcome.Transient()),
        Of("07700 900019", "sent, and never heard of again", new SmsOutcome.Accepted("captured")),
    ];

    /// <summary>Null for an ordinary number.</summary>
    /// <param name="to">E.164.</param>
    public static SmsOutcome? OutcomeFor(string to) => All.FirstOrDefault(simulated => simulated.Number.E164 == to)?.Outcome;

    private static SmsOutcome.Accepted Reported(SmsReport report, SmsFailure reason) => new("captured", report, reason);

    private static SimulatedNumber Of(string number, string meaning, SmsOutcome outcome) =>
        UkMobile.TryParse(number, out var mobile, out var problem) ? new(mobile, meaning, outcome) : throw new InvalidOperationException(problem);
}
