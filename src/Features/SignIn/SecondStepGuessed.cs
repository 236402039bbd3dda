using PatientResponse.Infrastructure.Email;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.SignIn;

/// <summary>Somebody gave a person's password and then only wrong codes: the person is told, because the password is out.</summary>
public sealed record SecondStepGuessed(string ClinicianId, Guid NoticeId) : IMessage;

public static class SecondStepGuessedHandler
{
    public static async Task HandleAsync(
        SecondStepGuessed message, IDocumentSession session, IEmailSender email, PublicAddress address, CancellationToken cancellation)
    {
        if (await session.LoadAsync<Clinician>(message.ClinicianId, cancellation) is not { Disabled: false } clinician)
            return;
        await email.SendAsync(new($"<{message.NoticeId:N}@{new Uri(address.Root).Host}>", clinician.Email, "Somebody may have your password for PatientResponse",
            $"""
            Somebody gave your password and then {HalfSessions.MostTries} wrong codes. They were not let in.

            If this was you, wait 15 minutes and try again. If not, somebody has your password. Change it now, and tell your practice's administrator:
            {address.Root}/account/password
            """.ReplaceLineEndings("\n")), cancellation);
    }
}
