using System.Globalization;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.PracticeSettings;

/// <summary>The practice's settings, as typed by a manager.</summary>
/// <param name="Seen">The revision that the form showed.</param>
public sealed record SavePractice(
    string Name, string Phone, string SenderName, string SignOff, bool ShowName, string RetentionDays, bool RequiresSecondFactor, int Seen, bool NeutralMessages = false, string AskingWords = "", string Support = "")
{
    public static SavePractice Of(Practice practice) => new(
        practice.Name, practice.Phone, practice.SenderName ?? "", practice.SignOff, practice.ShowNameBeforeDateOfBirth,
        practice.RetentionDays?.ToString(CultureInfo.InvariantCulture) ?? "", practice.RequiresSecondFactor, practice.Revision,
        practice.NeutralMessages, practice.AskingWords, practice.Support);
}

public static class PracticeSettingsHandler
{
    public static readonly FieldError PasswordNeeded = new("current", "Enter your password to turn the second step off");

    /// <summary>Everybody's accounts become easier to get into: that takes a sign-in, or the password, of the last five minutes.</summary>
    public static bool NeedsFreshSignIn(SavePractice command, Practice practice) => practice.RequiresSecondFactor && !command.RequiresSecondFactor;

    public static FieldError? Refusal(PasswordAnswer answer) => answer switch
    {
        PasswordAnswer.Right => null,
        PasswordAnswer.Locked => new("current", "Too many tries. Wait 15 minutes, then try again, or ask your practice's administrator"),
        _ => new("current", "The password is not right"),
    };

    /// <summary>What is wrong with what was typed; empty when it can be saved.</summary>
    public static IReadOnlyList<FieldError> Validate(SavePractice command, Practice practice) =>
        PracticeRules.Problems(Handle(command, practice));

    /// <summary>What somebody else saved after this form was shown, in words; empty when nobody did.</summary>
    public static IReadOnlyList<string> Overtaken(SavePractice command, Practice practice) =>
        command.Seen == practice.Revision ? [] : PracticeRules.Changes(Handle(command, practice), practice);

    public static Practice Handle(SavePractice command, Practice practice) => practice with
    {
        Name = command.Name.Trim(),
        Phone = TypedText.Tidy(command.Phone),
        SenderName = TypedText.Tidy(command.SenderName) is { Length: > 0 } sender ? sender : null,
        SignOff = command.SignOff.Trim(),
        ShowNameBeforeDateOfBirth = command.ShowName,
        NeutralMessages = command.NeutralMessages,
        AskingWords = TypedText.Tidy(command.AskingWords),
        Support = TypedText.Tidy(command.Support),
        RetentionDays = Days(command.RetentionDays),
        RequiresSecondFactor = command.RequiresSecondFactor,
        Revision = practice.Revision + 1,
    };

    /// <summary>Null keeps conversations; what is no number is no number of days that the rules accept.</summary>
    private static int? Days(string typed) =>
        TypedText.WithoutBlanks(typed) is not { Length: > 0 } number ? null
        : int.TryParse(TypedText.WithAsciiDigits(number), NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days
        : 0;
}
