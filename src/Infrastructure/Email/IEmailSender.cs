using PatientResponse.Infrastructure.Messaging;

namespace PatientResponse.Infrastructure.Email;

/// <param name="MessageId">The same whenever the same mail is sent again, so that a second copy is recognised.</param>
/// <param name="ClinicianId">Whose mail it is.</param>
public sealed record OutgoingEmail(string MessageId, string To, string Subject, string Text, string ClinicianId = "");

/// <summary>The mail relay.</summary>
public interface IEmailSender
{
    /// <exception cref="DelayedException">The relay is away, or asks to come again: tried for days.</exception>
    /// <exception cref="RefusedException">The relay will never take this mail.</exception>
    Task SendAsync(OutgoingEmail email, CancellationToken cancellation);
}
