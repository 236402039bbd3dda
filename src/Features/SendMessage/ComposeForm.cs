using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features.SendMessage;

/// <summary>What the compose page shows.</summary>
/// <param name="SignOff">The clinician's own, or else the practice's.</param>
/// <param name="ConversationId">Made with the page, so that the same page sends once.</param>
/// <param name="ExampleLink">As long as the real one.</param>
public sealed record ComposeForm(
    Patient Patient, Practice Practice, string SignOff, Guid ConversationId, string Text, bool AllowResponse, string ExampleLink, IReadOnlyList<FieldError> Errors)
{
    /// <summary>Stands for the patient's own code, which is made at sending.</summary>
    public const string TokenStandIn = "xxxxxxxxxxxxxxxxxxxxxxxxxx";

    public string? Obstacle => Patient.Obstacle;

    public string Sms => SmsComposer.Compose(Patient.GivenName, Text, SignOff, AllowResponse ? ExampleLink : null);

    public SmsSize Size => SmsText.Measure(Sms);
}
