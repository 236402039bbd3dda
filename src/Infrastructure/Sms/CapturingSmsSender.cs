using PatientResponse.Infrastructure.Messaging;

namespace PatientResponse.Infrastructure.Sms;

/// <summary>The embedded carrier: delivers to <c>/dev/phone</c>.</summary>
public sealed class CapturingSmsSender(CapturedMessages captured, TimeProvider time) : ISmsSender
{
    public Task<SmsOutcome> SendAsync(OutgoingSms sms, CancellationToken cancellation)
    {
        captured.Add(new("sms", sms.To, null, sms.Text, time.GetUtcNow()));
        return Task.FromResult<SmsOutcome>(new SmsOutcome.Accepted($"captured-{sms.AttemptId:N}"));
    }
}
