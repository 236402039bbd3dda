using System.Globalization;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features.PracticeSettings;

/// <summary>The practice's settings, as typed by a manager.</summary>
/// <param name="Seen">The revision that the form showed.</param>
public sealed record SavePractice(
    string Name, string Phone, string SenderName, string SignOff, bool ShowName, string RetentionDays, bool RequiresSecondFactor, int Seen)
{
    public static SavePractice Of(Practice practice) => new(
        practice.Name, practice.Phone, practice.SenderName ?? "", practice.SignOff, practice.ShowNameBeforeDateOfBirth,
        practice.RetentionDays?.ToString(CultureInfo.InvariantCulture) ?? "", practice.RequiresSecondFactor, practice.Revision);
}

public static class PracticeSettingsHandler
{
    /// <summary>What is wrong with what was typed; empty when it can be saved.</summary>
    public static IReadOnlyList<FieldError> Validate(SavePractice command, Practice practice) =>
        PracticeRules.Problems(Handle(command, practice));

    /// <summary>What somebody else saved after this form was shown, in words; empty when nobody did.</summary>
    public static IReadOnlyList<string> Overtaken(SavePractice command, Practice practice) =>
        command.Seen == practice.Revision ? [] : PracticeRules.Changes(Handle(command, practice), practice);

    public static Practice Handle(SavePractice command, Practice practice) => practice with
    {
        Name = command.Name.Trim(),
        Phone = command.Phone.Trim(),
        SenderName = command.SenderName.Trim() is { Length: > 0 } sender ? sender : null,
        SignOff = command.SignOff.Trim(),
        ShowNameBeforeDateOfBirth = command.ShowName,
        RetentionDays = Days(command.RetentionDays),
        RequiresSecondFactor = command.RequiresSecondFactor,
        Revision = practice.Revision + 1,
    };

    /// <summary>Null keeps conversations; what is no number is no number of days that the rules accept.</summary>
    private static int? Days(string typed) =>
        string.IsNullOrWhiteSpace(typed) ? null
        : int.TryParse(typed.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days
        : 0;
}
