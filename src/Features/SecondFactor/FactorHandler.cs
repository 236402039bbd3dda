using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage.Sealing;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.SecondFactor;

/// <summary>What a person may do with their own factors.</summary>
public static class FactorHandler
{
    /// <summary>More devices than anybody signs in with.</summary>
    public const int MostPasskeys = 20;

    /// <summary>In characters.</summary>
    private const int MostOfPasskeyName = 60;

    public const string LastOne = "Your practice requires a second step. Add another one before you remove this one.";

    /// <summary>Sets the app up, in place of one of before.</summary>
    /// <param name="step">Of the code that proved it; that code is used up.</param>
    /// <returns>Recovery codes to show once, with the first factor; otherwise none.</returns>
    public static IReadOnlyList<string> TurnOn(Clinician clinician, string key, long step, Keyring keyring)
    {
        var isFirst = !clinician.Factors.Any;
        (clinician.Factors.AuthenticatorKey, clinician.Factors.LastStep) = (key, step);
        return isFirst ? NewRecoveryCodes(clinician, keyring) : [];
    }

    public static IReadOnlyList<string> Add(Clinician clinician, Passkey passkey, Keyring keyring)
    {
        var isFirst = !clinician.Factors.Any;
        clinician.Factors.Passkeys.Add(passkey);
        return isFirst ? NewRecoveryCodes(clinician, keyring) : [];
    }

    /// <summary>Ten new ones; the old ones are worthless.</summary>
    public static IReadOnlyList<string> NewRecoveryCodes(Clinician clinician, Keyring keyring)
    {
        var codes = Enumerable.Range(0, RecoveryCode.HowMany).Select(_ => RecoveryCode.New()).ToList();
        clinician.Factors.RecoveryCodes = [.. codes.Select(code => RecoveryCode.HashOf(keyring, clinician.Id, code))];
        return codes;
    }

    /// <summary>Takes something away; recovery codes go with the last factor.</summary>
    /// <returns>Why not; null when it is done.</returns>
    public static string? Remove(Clinician clinician, Practice practice, Action<Factors> remove)
    {
        var after = new Factors { AuthenticatorKey = clinician.Factors.AuthenticatorKey, Passkeys = [.. clinician.Factors.Passkeys] };
        remove(after);
        if (practice.RequiresSecondFactor && !after.Any)
            return LastOne;
        (clinician.Factors.AuthenticatorKey, clinician.Factors.Passkeys) = (after.AuthenticatorKey, after.Passkeys);
        if (!after.Any)
            clinician.Factors.RecoveryCodes = [];
        return null;
    }

    /// <summary>One line, cut where it is too long, whatever was typed.</summary>
    public static string PasskeyName(string typed, int number)
    {
        var line = OneLine.Clean(PlainText.Line(typed)).Trim();
        var most = line.Length > MostOfPasskeyName && char.IsHighSurrogate(line[MostOfPasskeyName - 1]) ? MostOfPasskeyName - 1 : MostOfPasskeyName;
        return line.Length == 0 ? $"Passkey {number}" : line.Length > most ? line[..most] : line;
    }
}
