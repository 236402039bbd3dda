using Microsoft.AspNetCore.Mvc;
using PatientResponse.Features.Composing;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.SendMessage;

/// <summary>Reads what is needed to write to a patient: from the directory, and the rest in one round trip.</summary>
public sealed record ComposeDesk(
    HttpContext Context, [FromServices] IPatientDirectory Patients, [FromServices] IDocumentSession Session, [FromServices] IDatabase Database, [FromServices] DailyCap Cap,
    [FromServices] PublicAddress Address, [FromServices] InstallationRules Rules, [FromServices] UndoTime Undo, [FromServices] TimeProvider Time)
{
    private Clinician Clinician => Context.Clinician();
    private CancellationToken Cancellation => Context.RequestAborted;

    /// <summary>For the preview of a message, which is kept meanwhile as a draft. Null when the practice has no such patient.</summary>
    public async Task<ComposeForm?> PreviewAsync(string patientId, ComposeFields typed)
    {
        var (patient, names) = await FindPatientAsync(patientId, typed);
        // Again after a conflict: another tab wrote, or the message has just been sent. Who has typed on since has cancelled this request.
        return patient is null ? null : await Session.DecideAsync(async () =>
        {
            var reading = Session.Read();
            var (practice, draft, sent) = (
                reading.Load<Practice>(Clinician.PracticeId), reading.Load<MessageDraft>(MessageDraft.IdOf(Clinician, patientId)), reading.FetchForWriting<Conversation>(typed.Sending));
            await reading.AskAsync(Cancellation);
            if (practice.Value is null)
                return null;
            var form = Form(patient, practice.Value, typed, names);
            if (form.Obstacle is null && sent.Value is null)
                await KeepAsync(draft.Value, form);
            return form;
        });
    }

    /// <summary>Keeps what is typed as a draft, where it is not what is kept already.</summary>
    public async Task KeepAsync(MessageDraft? draft, ComposeForm form)
    {
        var now = Time.GetUtcNow();
        var since = draft?.Begun.FirstOrDefault(begun => begun.Sending == form.ConversationId)?.BegunAt ?? now;
        var kept = MessageDraft.With(draft, Clinician, form.Patient.Id, new(form.ConversationId, form.Text, form.AllowResponse, form.AsksNeutral, now, since, form.Mobile));
        await SaveAsync(draft, kept);
    }

    public async Task SaveAsync(MessageDraft? draft, MessageDraft kept)
    {
        if (kept.IsSameAs(draft))
            return;
        Session.Store(kept);
        await Session.SaveChangesAsync(Cancellation);
    }

    /// <summary>Part of the save that sends the message.</summary>
    public void Sent(MessageDraft? draft, ComposeForm form) =>
        Session.Store(MessageDraft.Without(draft, Clinician, form.Patient.Id, form.ConversationId, Time.GetUtcNow()));

    /// <summary>For the page and for sending. Null when the practice has no such patient, or the message is to follow what is not the
    /// clinician's own conversation with them.</summary>
    public async Task<Composing?> OpenAsync(string patientId, ComposeFields typed)
    {
        var (patient, names) = await FindPatientAsync(patientId, typed);
        var reading = Session.Read();
        var practice = reading.Load<Practice>(Clinician.PracticeId);
        var (mine, shared) = (TemplateSet.Mine(reading, Clinician), TemplateSet.Shared(reading, Clinician));
        var contact = ContactHistory.Ask(reading, patientId, patient is { IsTest: true }, Clinician, Time.GetUtcNow());
        var taken = Cap.Ask(reading, Clinician);
        var draft = reading.Load<MessageDraft>(MessageDraft.IdOf(Clinician, patientId));
        var notes = reading.Load<PatientNotes>(PatientNotes.IdOf(Clinician.PracticeId, patientId));
        var before = reading.FetchForWriting<Conversation>(typed.Sending);
        var follows = Ids.Parse(typed.Follows) is { } id ? reading.FetchForWriting<Conversation>(id) : null;
        var undone = Ids.Parse(typed.Undone) is { } back ? reading.FetchForWriting<Conversation>(back) : null;
        var replies = Answered.Ask(reading, Session, Database, patientId, Clinician, Cancellation);
        var number = NumbersTyped.Ask(reading, Session, Database, patientId, Clinician, Cancellation);
        await reading.AskAsync(Cancellation);
        var earlier = typed.Follows == "" ? null : await Session.MineOrRefusedAsync(typed.Follows, follows?.Value, Clinician, Cancellation);
        if (patient is null || (typed.Follows != "" && earlier?.Aggregate.Patient.PatientId != patientId))
            return null;
        var takenBack = typed.Undone == "" ? null : (await Session.MineOrRefusedAsync(typed.Undone, undone?.Value, Clinician, Cancellation))?.Aggregate;
        if (typed.Undone != "" && !(takenBack is { IsUndone: true } && takenBack.Patient.PatientId == patientId))
            return null;
        var form = Form(patient, practice.Value!, typed, names) with { Follows = earlier?.Aggregate, Undone = takenBack };
        return new(
            form.Obstacle is not null ? form : Furnished(form, TemplateSet.Shown(mine), TemplateSet.Shown(shared)) with
            {
                Contact = contact(),
                Notes = Kept(notes, practice.Value!),
                Begun = MessageDraft.Offered(draft.Value, typed.Sending, Time.GetUtcNow()),
            },
            before.Value?.Aggregate, taken(), new(earlier, (await replies()).Found), draft.Value, number);
    }

    /// <summary>None where they cannot be read: the patient's own page says so.</summary>
    private IReadOnlyList<PatientNote> Kept(Answer<PatientNotes?> notes, Practice practice)
    {
        try
        {
            return notes.Value?.Kept(Rules.Of(practice).RetentionDays, Time.GetUtcNow()) ?? [];
        }
        catch (Exception e) when (DamagedException.Is(e))
        {
            return [];
        }
    }

    private static ComposeForm Furnished(ComposeForm form, TemplateSet mine, TemplateSet shared) => form with
    {
        Mine = [.. mine.ByName],
        Shared = [.. shared.ByName],
        UnreadableTemplates = mine.Unreadable ?? shared.Unreadable,
    };

    /// <summary>What to check before the message goes. One that is too long does not go at all.</summary>
    public IReadOnlyList<Warning> Warnings(ComposeForm form, long? seen = null)
    {
        if (SmsText.Measure(form.Sms).TooLong)
            return [];
        var others = NamesInText.Find(form.Text, [form.Patient.Name, Clinician.Name, form.Practice.Name]);
        var asks = form.AllowResponse ? null : AskingWords.Find(form.Text, form.Practice.OwnAskingWords);
        return MessageWarnings.Of(
            form.Text, form.Patient, [.. form.KnownNames.Where(others.Contains).DistinctBy(name => PatientName.SearchKey(name, ""))], asks, form.Contact, seen, Time.GetUtcNow());
    }

    private Task<(Patient? Patient, IReadOnlyList<string> KnownNames)> FindPatientAsync(string id, ComposeFields typed) =>
        Patients.FindAsync(id, NamesInText.Find(typed.Text, []), Clinician, Cancellation);

    private ComposeForm Form(Patient patient, Practice practice, ComposeFields typed, IReadOnlyList<string> names) =>
        new(patient, practice, Clinician, typed.Sending, typed.Text, typed.AllowResponse, Address.Link(SmsComposer.TokenStandIn)) { AsksNeutral = typed.Neutral, Mobile = typed.Mobile, KnownNames = names };
}

/// <param name="Before">What was sent from this very page already.</param>
/// <param name="Taken">Of today's messages.</param>
/// <param name="Earlier">What the message answers.</param>
/// <param name="Draft">As stored, with what was begun on other pages.</param>
/// <param name="Number">Opens the conversations in which a number was typed: for a page that is shown. Sending needs none of them.</param>
public sealed record Composing(ComposeForm Form, Conversation? Before, TakenToday Taken, Answered Earlier, MessageDraft? Draft, Func<Task<NumberTyped?>> Number)
{
    /// <summary>With the number that the page offers, where a message can be written.</summary>
    public async Task<ComposeForm> ShownAsync(ComposeForm form) => form.Obstacle is null ? form with { Typed = await Number() } : form;
}
