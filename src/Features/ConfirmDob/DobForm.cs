using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.Forms;
using static PatientResponse.Infrastructure.Languages.Words;

namespace PatientResponse.Features.ConfirmDob;

/// <summary>What the date-of-birth page shows: nothing about the patient, the message or the clinician.</summary>
/// <param name="Code">For typing by hand.</param>
/// <param name="IsNeutral">Nor anything about health.</param>
/// <param name="IsAskedAgain">A newer message was sent since; this one can be answered all the same.</param>
public sealed record DobForm(Practice? Practice, DateTimeOffset Deadline, int TriesLeft, string Code, bool IsNeutral, bool IsAskedAgain)
{
    public static DobForm Of(Conversation conversation, Practice? practice, LinkToken link) =>
        new(practice, conversation.Deadline, conversation.TriesLeft, link.Grouped, conversation.Sent.Neutral, conversation.IsAskedAgain);

    public string? Day { get; init; }
    public string? Month { get; init; }
    public string? Year { get; init; }
    public DateInputResult? Typed { get; init; }

    /// <summary>A real date, but not the patient's.</summary>
    public bool IsWrong { get; init; }

    public IReadOnlyList<FieldError> Errors => (IsWrong, Typed?.Error) switch
    {
        (true, _) => [new("day", Say("dob.wrong", Tries))],
        (_, { } error) => [new(FirstWrongField, error)],
        _ => [],
    };

    public string Tries => TriesLeft == 1 ? Say("dob.try") : Say("dob.tries", TriesLeft);

    private string FirstWrongField => Typed switch
    {
        { DayInError: true } => "day",
        { MonthInError: true } => "month",
        _ => "year",
    };
}

/// <summary>Day, month or year.</summary>
public sealed record DobField(string Name, string Label, string? Value, bool IsWrong);
