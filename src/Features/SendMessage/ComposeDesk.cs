using Microsoft.AspNetCore.Mvc;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features.SendMessage;

/// <summary>Fetches what is needed to write to a patient.</summary>
public sealed record ComposeDesk(
    HttpContext Context, [FromServices] IPatientDirectory Patients, [FromServices] IDocumentSession Session, [FromServices] IDatabase Database,
    [FromServices] PublicAddress Address, [FromServices] TimeProvider Time)
{
    private Clinician Clinician => Context.Clinician();
    private CancellationToken Cancellation => Context.RequestAborted;

    /// <summary>Null when the practice has no such patient, or the message is to follow what is not the clinician's own conversation with them.</summary>
    public async Task<ComposeForm?> OpenAsync(string patientId, ComposeFields typed)
    {
        var patient = await Patients.FindAsync(patientId, Clinician, Cancellation);
        var practice = await Session.LoadAsync<Practice>(Clinician.PracticeId, Cancellation);
        var earlier = typed.Follows == "" ? null : (await Session.FetchMineAsync(typed.Follows, Clinician, Cancellation))?.Aggregate;
        return patient is null || (typed.Follows != "" && earlier?.Patient.PatientId != patientId) ? null
            : new(patient, practice!, Clinician, typed.Sending, typed.Text, typed.AllowResponse, Address.Link(SmsComposer.TokenStandIn)) { Follows = earlier, AsksNeutral = typed.Neutral };
    }

    /// <summary>The page as well as the message: templates, and what was sent to the patient lately.</summary>
    public async Task<ComposeForm> FurnishAsync(ComposeForm form)
    {
        if (form.Obstacle is not null)
            return form;
        var (mine, shared) = await TemplateSet.ShownAsync(Session, Clinician, Cancellation);
        return form with
        {
            Mine = [.. mine.ByName],
            Shared = [.. shared.ByName],
            UnreadableTemplates = mine.Unreadable ?? shared.Unreadable,
            Contact = await ContactHistory.ReadAsync(Database, Session, form, Time.GetUtcNow(), Cancellation),
        };
    }

    /// <summary>What to check before the message goes. One that is too long does not go at all.</summary>
    public async Task<IReadOnlyList<Warning>> WarningsAsync(ComposeForm form, long? seen = null)
    {
        if (SmsText.Measure(form.Sms).TooLong)
            return [];
        var names = NamesInText.Find(form.Text, [form.Patient.Name, Clinician.Name, form.Practice.Name]);
        return MessageWarnings.Of(form.Text, form.Patient, await Patients.KnownNamesAsync(names, Clinician, Cancellation), form.Contact, seen, Time.GetUtcNow());
    }
}
