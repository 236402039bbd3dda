using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.SendMessage;

/// <summary>A message that was begun on another page is gone on with, or deleted. What is typed already stays, below it.</summary>
public static class BegunEarlier
{
    /// <param name="sending">Of the one that is meant.</param>
    /// <param name="isWanted">Otherwise it is deleted.</param>
    /// <returns>What the page shows, and what is kept.</returns>
    public static (ComposeForm Form, MessageDraft Draft) Put(ComposeForm form, MessageDraft? draft, Guid sending, bool isWanted, DateTimeOffset now)
    {
        var (clinician, patient) = (form.Clinician, form.Patient.Id);
        var begun = form.Begun.FirstOrDefault(one => one.Sending == sending);
        var shown = form with { Begun = [.. form.Begun.Where(one => one.Sending != sending)] };
        var kept = MessageDraft.Without(draft, clinician, patient, sending, now);
        if (!isWanted || begun is null)
        {
            var typed = new BegunMessage(form.ConversationId, form.Text, form.AllowResponse, form.AsksNeutral, now, now, form.Mobile);
            return (shown with { Note = isWanted ? "The message that you began is not there any more." : "The message that you began is deleted." },
                MessageDraft.With(kept, clinician, patient, typed));
        }
        shown = shown with
        {
            ConversationId = begun.Sending,
            Text = string.IsNullOrWhiteSpace(form.Text) ? begun.Text : $"{begun.Text.TrimEnd()}\n\n{form.Text}",
            AllowResponse = form.AllowResponse || begun.AllowResponse,
            AsksNeutral = form.AsksNeutral || begun.Neutral,
            Mobile = form.Mobile != "" ? form.Mobile : begun.Mobile,
            Note = "The message that you began is below. Read it again before you send it.",
        };
        kept = MessageDraft.Without(kept, clinician, patient, form.ConversationId, now);
        return (shown, MessageDraft.With(kept, clinician, patient, begun with { Text = shown.Text, AllowResponse = shown.AllowResponse, Neutral = shown.AsksNeutral, Mobile = shown.Mobile, At = now }));
    }
}
