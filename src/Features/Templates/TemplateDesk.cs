using Microsoft.AspNetCore.Mvc;
using PatientResponse.Features.Composing;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.Templates;

/// <summary>Fetches templates, and only those that the clinician may change where they are to be changed.</summary>
public sealed record TemplateDesk(HttpContext Context, [FromServices] IDocumentSession Session, [FromServices] PublicAddress Address)
{
    /// <summary>Nobody's, and as long as most.</summary>
    private const string SampleFirstName = "Sam";
    private const string SampleFamilyName = "Sample";

    public Clinician Clinician => Context.Clinician();

    public CancellationToken Cancellation => Context.RequestAborted;

    /// <summary>The clinician's own, and the practice's; one that is damaged fails when it is opened.</summary>
    public async Task<(Func<TemplateSet> Mine, Func<TemplateSet> Shared)> SetsAsync()
    {
        var reading = Session.Read();
        var (mine, shared) = (TemplateSet.Mine(reading, Clinician), TemplateSet.Shared(reading, Clinician));
        await reading.AskAsync(Cancellation);
        return (mine, shared);
    }

    public Task<Practice> PracticeAsync() => Session.PracticeAsync(Context);

    /// <summary>The set to add to: the clinician's own, or the practice's for a manager; null when that is not for this person.</summary>
    public async Task<TemplateSet?> SetToAddToAsync(bool shared) =>
        !shared ? (await SetsAsync()).Mine() : Clinician.IsManager ? (await SetsAsync()).Shared() : null;

    /// <summary>The set that holds the template, if this person may change it; otherwise null.</summary>
    public async Task<(TemplateSet Set, Template Template, bool IsShared)?> ToChangeAsync(string id)
    {
        var (mine, shared) = await SetsAsync();
        return mine().Find(id) is { } own ? (mine(), own, false) : Clinician.IsManager && shared().Find(id) is { } practices ? (shared(), practices, true) : null;
    }

    /// <summary>The SMS that a template would make for a made-up patient.</summary>
    public string Sample(string text, bool allowResponse, Practice practice) => SmsComposer.Compose(
        SampleFirstName,
        Placeholders.Expand(text, new(SampleFirstName, $"{SampleFirstName} {SampleFamilyName}", Clinician.Name, practice.Name, practice.Phone)),
        Clinician.SignOff ?? practice.SignOff, allowResponse ? Address.Link(SmsComposer.TokenStandIn) : null);

    public TemplateForm Form(SaveTemplate typed, bool isNew, bool isShared, Practice practice, IReadOnlyList<FieldError>? errors = null) =>
        new(typed, isNew, isShared ? practice.Name : null, Sample(typed.Text, typed.AllowResponse, practice),
            SmsHints.Of(typed.Text, text => Sample(text, typed.AllowResponse, practice)), errors ?? []);

    /// <summary>Saves a whole set; two people may change it at once.</summary>
    public async Task SaveAsync(TemplateSet set, string action, string template)
    {
        Session.Store(set);
        Session.Audit(Clinician.Id, action, template);
        await Session.SaveChangesAsync(Cancellation);
    }
}
