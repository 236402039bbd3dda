using PatientResponse.Features.Composing;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.SendMessage;

/// <summary>What the compose page shows.</summary>
/// <param name="ExampleLink">As long as the real one.</param>
public sealed record ComposeForm(Patient Patient, Practice Practice, Clinician Clinician, Guid ConversationId, string Text, bool AllowResponse, string ExampleLink)
{
    public IReadOnlyList<Template> Mine { get; init; } = [];
    public IReadOnlyList<Template> Shared { get; init; } = [];

    /// <summary>Templates that are damaged; null when none are.</summary>
    public string? UnreadableTemplates { get; init; }

    /// <summary>Full names in the text that patients of the practice have, this one's own among them.</summary>
    public IReadOnlyList<string> KnownNames { get; init; } = [];
    public Contact Contact { get; init; } = Contact.None;

    /// <summary>Of the practice's staff about the patient, the newest first.</summary>
    public IReadOnlyList<PatientNote> Notes { get; init; } = [];
    public IReadOnlyList<FieldError> Errors { get; init; } = [];
    public IReadOnlyList<Warning> Warnings { get; init; } = [];

    /// <summary>Send was pressed and the warnings are to be confirmed.</summary>
    public bool Asks { get; init; }

    /// <summary>Messages to this patient that the clinician began on other pages.</summary>
    public IReadOnlyList<BegunMessage> Begun { get; init; } = [];

    /// <summary>What a template has just done to the message.</summary>
    public string? Note { get; init; }

    /// <summary>The earlier conversation that this message asks again after.</summary>
    public Conversation? Follows { get; init; }

    /// <summary>The message that was undone and is written anew.</summary>
    public Conversation? Undone { get; init; }

    /// <summary>Another number than the patient's, as it was typed; empty for theirs.</summary>
    public string Mobile { get; init; } = "";

    /// <summary>The number typed for an earlier conversation with them; null when there is none.</summary>
    public NumberTyped? Typed { get; init; }

    /// <summary>There is no number but the one that is typed here.</summary>
    public bool NeedsNumber => Patient.NeedsNumber;

    /// <summary>Where the message goes; null while that is not known.</summary>
    public UkMobile? To => Mobile == "" ? Patient.Mobile : UkMobile.TryParse(Mobile, out var typed, out _) ? typed : null;

    /// <summary>It is not the patient's own as the directory has it.</summary>
    public bool IsToAnother => To is { } to && to.E164 != Patient.Mobile?.E164;

    public string? Obstacle => NeedsNumber ? null : Patient.Obstacle;

    /// <summary>The clinician's own, or else the practice's.</summary>
    public string SignOff => Clinician.SignOff ?? Practice.SignOff;

    /// <summary>The clinician wants this message in neutral words.</summary>
    public bool AsksNeutral { get; init; }

    /// <summary>The practice may want that of all messages.</summary>
    public bool IsNeutral => AsksNeutral || Practice.NeutralMessages;

    public string Sms => SmsWith(AllowResponse ? ExampleLink : null);

    /// <summary>The whole text message. Neutral words make no sense without a link; until there is one, the preview shows the plain message.</summary>
    public string SmsWith(string? link) =>
        IsNeutral && link is not null ? SmsComposer.ComposeNeutral(link) : SmsComposer.Compose(Patient.GreetingName, Text, SignOff, link);

    public SmsHints Hints => SmsHints.Of(Text, text => (this with { Text = text }).Sms);

    public PlaceholderValues Values => new(Patient.GreetingName, Patient.Name, Clinician.Name, Practice.Name, Practice.Phone);
}
