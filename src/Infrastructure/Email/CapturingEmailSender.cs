using PatientResponse.Infrastructure.Messaging;

namespace PatientResponse.Infrastructure.Email;

/// <summary>The embedded mail relay: delivers to <c>/dev/phone</c>.</summary>
public sealed class CapturingEmailSender(CapturedMessages captured, TimeProvider time) : IEmailSender
{
    public Task SendAsync(OutgoingEmail email, CancellationToken cancellation)
    {
        captured.Add(new("email", email.To, email.Subject, email.Text, time.GetUtcNow()));
        return Task.CompletedTask;
    }
}
