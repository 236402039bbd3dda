using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features.SendMessage;

/// <summary>What the compose page shows.</summary>
/// <param name="ConversationId">Made with the page, so that the same page sends once.</param>
/// <param name="ExampleLink">As long as the real one.</param>
public sealed record ComposeForm(
    Patient Patient, Practice Practice, Guid ConversationId, string Text, bool AllowResponse, string ExampleLink, IReadOnlyList<FieldError> Errors)
{
    /// <summary>Stands for the patient's own code, which is made at sending.</summary>
    public const string TokenStandIn = "xxxxxxxxxxxxxxxxxxxxxxxxxx";

    /// <summary>The earlier conversation that this message asks again after.</summary>
    public Guid? Follows { get; init; }

    public string? Obstacle => Patient.Obstacle;

    public string Sms => SmsComposer.Compose(Patient.GivenName, Text, Practice.SignOff, AllowResponse ? ExampleLink : null);

    public SmsSize Size => SmsText.Measure(Sms);
}
