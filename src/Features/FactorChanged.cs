using System.Security.Cryptography;
using PatientResponse.Infrastructure.Email;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features;

public enum FactorChange { AuthenticatorOn, AuthenticatorOff, PasskeyAdded, PasskeyRemoved, NewRecoveryCodes, RecoveryCodeUsed, Reset, PasswordSet }

/// <summary>A person's password or second factor changed: they are told, in case it was not them.</summary>
public sealed record FactorChanged(string ClinicianId, FactorChange Change, Guid NoticeId) : IMessage
{
    /// <summary>Stores the change with its audit entry and its email. Sessions of before are over, half ones too.</summary>
    /// <param name="actor">Who changed it.</param>
    public static void Store(IDocumentSession documents, string actor, Clinician clinician, FactorChange change)
    {
        clinician.SecurityStamp = RandomNumberGenerator.GetHexString(32);
        documents.Store(clinician);
        documents.Audit(actor, "changed second factor", clinician.Id, change.ToString());
        documents.Publish(new() { new FactorChanged(clinician.Id, change, Guid.NewGuid()) });
    }
}

public static class FactorChangedHandler
{
    public static async Task HandleAsync(
        FactorChanged message, IDocumentSession session, IEmailSender email, PublicAddress address, CancellationToken cancellation)
    {
        if (await session.LoadAsync<Clinician>(message.ClinicianId, cancellation) is not { } clinician)
            return;
        await email.SendAsync(new($"<{message.NoticeId:N}@{new Uri(address.Root).Host}>", clinician.Email, "How you sign in to PatientResponse has changed",
            $"""
            {Words(message.Change)}

            If this was you, you do not need to do anything. If it was not you, tell your practice's administrator now and set a new password:
            {address.Root}/forgotten-password
            """.ReplaceLineEndings("\n"), clinician.Id), cancellation);
    }

    private static string Words(FactorChange change) => change switch
    {
        FactorChange.AuthenticatorOn => "An authenticator app was set up for your account.",
        FactorChange.AuthenticatorOff => "The authenticator app was removed from your account.",
        FactorChange.PasskeyAdded => "A passkey was added to your account.",
        FactorChange.PasskeyRemoved => "A passkey was removed from your account.",
        FactorChange.NewRecoveryCodes => "New recovery codes were made for your account. The old ones no longer work.",
        FactorChange.RecoveryCodeUsed => "Somebody signed in to your account with a recovery code. Each code works once.",
        FactorChange.Reset => "Your administrator has reset how you sign in. Your password and second steps no longer work. Ask your administrator for the link to set a new password.",
        FactorChange.PasswordSet => "A new password was set for your account. You are signed out everywhere else.",
        _ => throw new ArgumentOutOfRangeException(nameof(change)),
    };
}
