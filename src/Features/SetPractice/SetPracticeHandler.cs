using System.Globalization;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.SetPractice;

/// <summary>What the operator gave; null leaves a thing as it is.</summary>
/// <param name="RetentionDays">0 leaves it to the installation.</param>
public sealed record SetPractice(
    string Id, string? Name, string? Phone, string? SignOff, bool? ShowNameBeforeDateOfBirth, int? DailyCapPerClinician, int? DailyCap,
    string? SenderName = null, int? RetentionDays = null, bool? RequiresSecondFactor = null, bool? NeutralMessages = null, string? AskingWords = null, string? Support = null);

public static class SetPracticeHandler
{
    public static Practice Handle(SetPractice command, Practice? before)
    {
        before ??= new Practice { Id = command.Id, SignOff = command.Name?.Trim() ?? "" };
        return before with
        {
            Name = command.Name?.Trim() ?? before.Name,
            Phone = command.Phone is { } phone ? TypedText.Tidy(phone) : before.Phone,
            SenderName = command.SenderName is { } sender ? (TypedText.Tidy(sender) is { Length: > 0 } tidy ? tidy : null) : before.SenderName,
            SignOff = command.SignOff?.Trim() ?? before.SignOff,
            ShowNameBeforeDateOfBirth = command.ShowNameBeforeDateOfBirth ?? before.ShowNameBeforeDateOfBirth,
            NeutralMessages = command.NeutralMessages ?? before.NeutralMessages,
            AskingWords = command.AskingWords is { } words ? TypedText.Tidy(words) : before.AskingWords,
            Support = command.Support is { } support ? TypedText.Tidy(support) : before.Support,
            RetentionDays = command.RetentionDays switch { null => before.RetentionDays, 0 => null, var days => days },
            RequiresSecondFactor = command.RequiresSecondFactor ?? before.RequiresSecondFactor,
            DailyCapPerClinician = command.DailyCapPerClinician ?? before.DailyCapPerClinician,
            DailyCap = command.DailyCap ?? before.DailyCap,
            Revision = before.Revision + 1,
        };
    }

    /// <summary>What is wrong with a practice; null when it can be saved.</summary>
    public static string? Problem(Practice practice) =>
        PracticeRules.Problems(practice) is [var first, ..] ? $"{first.Message}. See practice set --help." : null;

    public static string Describe(Practice practice) => string.Create(CultureInfo.InvariantCulture,
        $"Practice {practice.Id}: {practice.Name}, phone {(practice.Phone == "" ? "not set" : practice.Phone)}, " +
        $"sender name {practice.SenderName ?? "not set"}, sign-off \"{practice.SignOff}\", " +
        $"name {(practice.ShowNameBeforeDateOfBirth ? "shown" : "not shown")} before the date of birth, " +
        $"text messages {(practice.NeutralMessages ? "in neutral words" : "in the clinician's words")}, " +
        $"words that ask for an answer {(practice.AskingWords == "" ? "none of its own" : $"\"{practice.AskingWords}\"")}, " +
        $"help for staff {(practice.Support == "" ? "not set" : $"\"{practice.Support}\"")}, " +
        $"conversations {(practice.RetentionDays is { } days ? $"erased {days} days after the sending" : "kept as the installation says")}, " +
        $"second factor {(practice.RequiresSecondFactor ? "required" : "not required")}, " +
        $"at most {practice.DailyCapPerClinician} messages a day per clinician and {practice.DailyCap} in all.");
}
