using PatientResponse.Infrastructure.Email;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.ForgottenPassword;

/// <summary>Somebody asked for a link to set this person's password.</summary>
/// <param name="ClinicianId">Empty where nobody has the email address that was typed.</param>
public sealed record PasswordForgotten(string ClinicianId, Guid NoticeId, DateTimeOffset AskedAt) : IMessage;

public static class PasswordForgottenHandler
{
    /// <summary>Sends the link to whoever has set a password before. Who has not gets theirs from an operator, who knows whom they gave it to.</summary>
    public static async Task HandleAsync(
        PasswordForgotten message, IDocumentSession session, SetPasswordLink links, IEmailSender email, PublicAddress address, TimeProvider time, CancellationToken cancellation)
    {
        // After an outage of the relay nobody waits for it any more.
        if (SetPasswordLink.LifetimeByEmail.HasPassed(message.AskedAt, time.GetUtcNow())
            || message.ClinicianId.Length == 0
            || await session.LoadAsync<Clinician>(message.ClinicianId, cancellation) is not { Disabled: false } clinician)
            return;
        var mail = clinician.PasswordHash is null
            ? WithoutLink()
            : WithLink(address.SetPassword(clinician.Id, links.Make(clinician, SetPasswordLink.ByEmail)));
        await email.SendAsync(mail with { MessageId = $"<{message.NoticeId:N}@{new Uri(address.Root).Host}>", To = clinician.Email, ClinicianId = clinician.Id }, cancellation);
        session.Audit(clinician.Id, "was emailed a link to set a password", clinician.Id, clinician.PasswordHash is null ? "without the link, because no password is set" : "");
    }

    private static OutgoingEmail WithLink(string link) => new("", "", "Set a new password for PatientResponse",
        $"""
        Someone asked to set a new password for your PatientResponse account. If it was you, open this link and choose one. The link works once, for {SetPasswordLink.LifetimeByEmail.TotalMinutes} minutes:
        {link}

        If you use a second step to sign in, you still need it.

        If it was not you, ignore this email. Your password has not changed. If you get more of these emails, tell your practice's administrator.
        """.ReplaceLineEndings("\n"));

    private static OutgoingEmail WithoutLink() => new("", "", "Set a new password for PatientResponse",
        """
        Someone asked to set a new password for your PatientResponse account. No password is set for it now, so we cannot send you a link by email.

        Ask your practice's administrator for a link. If it was not you who asked, ignore this email.
        """.ReplaceLineEndings("\n"));
}
