using System.Globalization;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features.SetPractice;

/// <summary>What the operator gave; null leaves a thing as it is.</summary>
public sealed record SetPractice(
    string Id, string? Name, string? Phone, string? SignOff, bool? ShowNameBeforeDateOfBirth, int? DailyCapPerClinician, int? DailyCap);

public static class SetPracticeHandler
{
    private const int MostOfId = 40;
    private const int MostOfName = 100;

    /// <summary>It is billed in every message.</summary>
    private const int MostOfSignOff = 60;
    private const int MostOfCap = 1_000_000;

    public static Practice Handle(SetPractice command, Practice? before)
    {
        before ??= new Practice { Id = command.Id, SignOff = command.Name?.Trim() ?? "" };
        return new Practice
        {
            Id = before.Id,
            Name = command.Name?.Trim() ?? before.Name,
            Phone = command.Phone?.Trim() ?? before.Phone,
            SignOff = command.SignOff?.Trim() ?? before.SignOff,
            ShowNameBeforeDateOfBirth = command.ShowNameBeforeDateOfBirth ?? before.ShowNameBeforeDateOfBirth,
            DailyCapPerClinician = command.DailyCapPerClinician ?? before.DailyCapPerClinician,
            DailyCap = command.DailyCap ?? before.DailyCap,
        };
    }

    /// <summary>What is wrong with a practice; null when it can be saved.</summary>
    public static string? Problem(Practice practice) =>
        practice.Id.Length is 0 or > MostOfId || !practice.Id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            ? $"The id has lower-case letters, digits and dashes, at most {MostOfId}."
        : practice.Name == "" ? "A practice needs a name: --name \"Riverside Surgery\"."
        : Line("name", practice.Name, MostOfName)
            ?? (practice.SignOff == "" ? "The sign-off must not be empty." : null)
            ?? Line("sign-off", practice.SignOff, MostOfSignOff)
            ?? (IsPhone(practice.Phone) ? null : "The phone number has 10 or 11 digits and begins with 0, such as \"01632 960001\".")
            ?? Cap("--cap-per-clinician", practice.DailyCapPerClinician)
            ?? Cap("--cap", practice.DailyCap);

    public static string Describe(Practice practice) => string.Create(CultureInfo.InvariantCulture,
        $"Practice {practice.Id}: {practice.Name}, phone {(practice.Phone == "" ? "not set" : practice.Phone)}, sign-off \"{practice.SignOff}\", " +
        $"name {(practice.ShowNameBeforeDateOfBirth ? "shown" : "not shown")} before the date of birth, " +
        $"at most {practice.DailyCapPerClinician} messages a day per clinician and {practice.DailyCap} in all.");

    private static string? Line(string what, string text, int most) =>
        text.Length > most ? $"The {what} has at most {most} characters."
        : text.Any(char.IsControl) ? $"The {what} is one line."
        : null;

    private static bool IsPhone(string phone) =>
        phone == "" || TypedText.WithoutFiller(phone) is ['0', .., _] digits && digits.Length is 10 or 11 && digits.All(char.IsAsciiDigit);

    private static string? Cap(string option, int cap) => cap is >= 1 and <= MostOfCap ? null : $"{option} is a number from 1 to {MostOfCap}.";
}
