namespace PatientResponse.Infrastructure.Email;

/// <param name="MessageId">The same whenever the same mail is sent again, so that a second copy is recognised.</param>
public sealed record OutgoingEmail(string MessageId, string To, string Subject, string Text);

/// <summary>The mail relay. A failure is an exception: the message is tried again, and parked in the end.</summary>
public interface IEmailSender
{
    Task SendAsync(OutgoingEmail email, CancellationToken cancellation);
}
