using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage.Sealing;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.SignIn;

public enum CodeAnswer { App, Recovery, Wrong }

public static class SecondStepHandler
{
    public static readonly FieldError Missing = new("code", "Enter a code");
    public static readonly FieldError Wrong = new("code", "The code is not right, or it was used already. Wait for the next one in your app");
    public static readonly FieldError Locked = new("code", "Too many tries. Wait 15 minutes, then try again, or ask your practice's administrator");

    /// <summary>Uses up what was typed, if it is a code of this person.</summary>
    public static CodeAnswer Handle(string typed, Clinician clinician, Keyring keyring, DateTimeOffset now)
    {
        var code = TypedText.WithAsciiDigits(TypedText.WithoutFiller(typed));
        if (clinician.Factors.AuthenticatorKey is { } key && Totp.StepOf(key, code, now, clinician.Factors.LastStep) is { } step)
        {
            clinician.Factors.LastStep = step;
            return CodeAnswer.App;
        }
        return clinician.Factors.RecoveryCodes.Remove(RecoveryCode.HashOf(keyring, clinician.Id, code)) ? CodeAnswer.Recovery : CodeAnswer.Wrong;
    }
}
