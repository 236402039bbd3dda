using Carter;
using Microsoft.AspNetCore.Mvc;
using PatientResponse.Features.SendMessage;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Features.ViewPatient;

/// <summary>Who a patient is, one's own conversations with them, how much the practice writes to them, and notes of its staff.</summary>
public sealed class ViewPatientModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var patient = app.MapGroup("/patients/{id}").RequireAuthorization();
        patient.MapGet("", async (string id, string? done, [AsParameters] PatientDesk desk) =>
            await desk.OpenAsync(id) is { } opened ? Page.Of(PatientPage.Create(opened with { Done = done })) : Page.NotFound());
        patient.MapPost("/notes", AddAsync);
        patient.MapPost("/notes/delete", DeleteAsync);
    }

    private static async Task<IResult> AddAsync(string id, [AsParameters] PatientDesk desk)
    {
        var form = await desk.Context.Request.FormOrEmptyAsync();
        var (noteId, text) = (form.Line("noteId"), PlainText.Clean(form.Text("note")).Trim());
        return await desk.ChangeAsync(id, notes =>
        {
            if (notes.Notes.Any(note => note.Id == noteId))
                return null;
            return Problem(text, notes) is { } problem ? new(notes, "", problem)
                : new(notes.With(new(noteId.Length == 32 ? noteId : $"{Guid.NewGuid():N}", desk.Clinician.Id, desk.Clinician.Name, text, desk.Time.GetUtcNow())), "added a note", null);
        }, "added", text);
    }

    private static async Task<IResult> DeleteAsync(string id, [AsParameters] PatientDesk desk)
    {
        var noteId = (await desk.Context.Request.FormOrEmptyAsync()).Line("noteId");
        return await desk.ChangeAsync(id, notes => notes.Notes.FirstOrDefault(note => note.Id == noteId) switch
        {
            null => null,
            var note when note.MayBeDeletedBy(desk.Clinician) => new(notes.Without(note), "deleted a note", null),
            _ => new(notes, "", "Only the person who wrote a note, or a manager, can delete it"),
        }, "deleted", "");
    }

    private static string? Problem(string text, PatientNotes notes) => text switch
    {
        "" => "Write the note first",
        { Length: > PatientNote.MostCharacters } => $"The note must have {PatientNote.MostCharacters} characters or fewer. It has {text.Length}",
        _ when notes.Notes.Count >= PatientNotes.Most => $"There are {PatientNotes.Most} notes about this patient, which is the most. Delete one first",
        _ => null,
    };
}

/// <summary>What is to become of a patient's notes.</summary>
/// <param name="Action">For the record; nothing of the note.</param>
/// <param name="Problem">Why nothing is changed; null where it is.</param>
public sealed record NotesChange(PatientNotes Notes, string Action, string? Problem);

/// <summary>Reads what the page shows: from the directory, and the rest in one round trip.</summary>
public sealed record PatientDesk(
    HttpContext Context, [FromServices] IPatientDirectory Patients, [FromServices] IDocumentSession Session, [FromServices] IDatabase Database,
    [FromServices] InstallationRules Rules, [FromServices] TimeProvider Time)
{
    /// <summary>The latest of one's own conversations with the patient.</summary>
    private const int MostShown = 50;

    public Clinician Clinician => Context.Clinician();

    private CancellationToken Cancellation => Context.RequestAborted;

    /// <summary>Null when the practice has no such patient.</summary>
    public async Task<PatientView?> OpenAsync(string id)
    {
        if (await Patients.FindAsync(id, Clinician, Cancellation) is not { } patient)
            return null;
        var now = Time.GetUtcNow();
        var reading = Session.Read();
        var which = new RowFilter(" and r.patient = @patient", new() { ["patient"] = id });
        var rows = ConversationSummary.Mine(reading, Clinician.Id, MostShown + 1, which);
        var contact = ContactHistory.Ask(reading, id, patient.IsTest, Clinician, now);
        var notes = reading.Load<PatientNotes>(PatientNotes.IdOf(Clinician.PracticeId, id));
        var practice = reading.Load<Practice>(Clinician.PracticeId);
        await reading.AskAsync(Cancellation);
        var mine = await rows.OrElseAsync(() => ConversationSummary.MineAsync(Session, Database, Clinician.Id, MostShown + 1, Cancellation, which));
        Session.Audit(Clinician.Id, "viewed patient", id);
        await Session.SaveChangesAsync(Cancellation);
        var view = new PatientView(patient, Clinician, [.. mine.Take(MostShown)], mine.Count > MostShown, contact(), [], now);
        try
        {
            return view with { Notes = notes.Value?.Kept(Days(practice), now) ?? [] };
        }
        catch (Exception e) when (DamagedException.Is(e))
        {
            return view with { UnreadableNotes = $"document/{nameof(PatientNotes)}/{PatientNotes.IdOf(Clinician.PracticeId, id)}" };
        }
    }

    /// <summary>Where the practice cannot be read the installation's rule holds.</summary>
    private int? Days(Answer<Practice?> practice)
    {
        try
        {
            return practice.Value is { } known ? Rules.Of(known).RetentionDays : Rules.RetentionDays;
        }
        catch (Exception e) when (DamagedException.Is(e))
        {
            return Rules.RetentionDays;
        }
    }

    /// <summary>Changes the notes, once also where somebody else does at the same time.</summary>
    /// <param name="change">Null when it was done before.</param>
    /// <param name="done">What the page then says.</param>
    /// <param name="typed">Shown back where it is refused.</param>
    public Task<IResult> ChangeAsync(string id, Func<PatientNotes, NotesChange?> change, string done, string typed) => Session.DecideAsync<IResult>(async () =>
    {
        if (await Patients.FindAsync(id, Clinician, Cancellation) is null)
            return Page.NotFound();
        var stored = await Session.LoadAsync<PatientNotes>(PatientNotes.IdOf(Clinician.PracticeId, id), Cancellation);
        var changed = change(PatientNotes.Of(stored, Clinician, id));
        if (changed?.Problem is { } problem)
            return Page.Of(PatientPage.Create((await OpenAsync(id))! with { Typed = typed, Errors = [new("note", problem)] }), StatusCodes.Status422UnprocessableEntity);
        if (changed is not null)
        {
            Session.Store(changed.Notes);
            Session.Audit(Clinician.Id, changed.Action, id);
            await Session.SaveChangesAsync(Cancellation);
        }
        return new SeeOther($"/patients/{id}?done={done}");
    });
}

/// <param name="Rows">The viewer's own conversations, the newest first.</param>
/// <param name="HasMore">There are more of those.</param>
/// <param name="Notes">The newest first.</param>
public sealed record PatientView(
    Patient Patient, Clinician Viewer, IReadOnlyList<ConversationSummary> Rows, bool HasMore, Contact Contact, IReadOnlyList<PatientNote> Notes, DateTimeOffset Now)
{
    /// <summary>What was just done, as a word of ours; other words mean nothing.</summary>
    public string? Done { get; init; }

    /// <summary>A note that was refused, as typed.</summary>
    public string Typed { get; init; } = "";

    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>What is damaged; null when nothing is.</summary>
    public string? UnreadableNotes { get; init; }

    public string NewNote { get; } = $"{Guid.NewGuid():N}";

    public string? DoneText => Done switch
    {
        "added" => "The note is saved.",
        "deleted" => "The note is deleted.",
        _ => null,
    };
}
