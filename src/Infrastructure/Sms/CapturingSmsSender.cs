using PatientResponse.Infrastructure.Messaging;

namespace PatientResponse.Infrastructure.Sms;

/// <summary>The embedded carrier: delivers to <c>/dev/phone</c>, but for the <see cref="SimulatedNumbers"/>.</summary>
public sealed class CapturingSmsSender(CapturedMessages captured, TimeProvider time) : ISmsSender
{
    public Task<SmsOutcome> SendAsync(OutgoingSms sms, CancellationToken cancellation)
    {
        var outcome = SimulatedNumbers.OutcomeFor(sms.To) ?? new SmsOutcome.Accepted($"captured-{sms.AttemptId:N}", SmsReport.Delivered);
        if (outcome is SmsOutcome.Accepted { Report: not SmsReport.Failed })
            captured.Add(new("sms", sms.To, null, sms.Text, time.GetUtcNow()));
        return Task.FromResult(outcome);
    }
}
