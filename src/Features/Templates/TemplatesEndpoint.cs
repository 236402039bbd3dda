using Carter;
using PatientResponse.Features.Composing;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Features.Templates;

/// <summary>Messages to start from: everyone's own, and those that a practice's managers write for all.</summary>
public sealed class TemplatesModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var templates = app.MapGroup("/templates").RequireAuthorization();
        templates.MapGet("", ([AsParameters] TemplateDesk desk, string? done) => ListAsync(desk, done));
        templates.MapGet("/new", NewAsync);
        templates.MapPost("", AddAsync);
        templates.MapPost("/preview", PreviewAsync).WithMetadata(new PartOfPage());
        templates.MapGet("/{id}", EditAsync);
        templates.MapPost("/{id}", ChangeAsync);
        templates.MapGet("/{id}/delete", AskToDeleteAsync);
        templates.MapPost("/{id}/delete", DeleteAsync);
        templates.MapPost("/{id}/copy", CopyAsync);
    }

    private static async Task<IResult> ListAsync(TemplateDesk desk, string? done = null, string? problem = null)
    {
        var sets = await desk.SetsAsync();
        var (mine, shared) = (TemplateSet.Shown(sets.Mine), TemplateSet.Shown(sets.Shared));
        return Page.Of(
            TemplatesPage.Create(new TemplateList(
                [.. mine.ByName], [.. shared.ByName], (await desk.PracticeAsync()).Name, desk.Clinician.IsManager,
                done switch { "saved" => "The template is saved", "deleted" => "The template is deleted", _ => null },
                problem is null ? [] : [new("mine", problem)])
            { UnreadableMine = mine.Unreadable, UnreadableShared = shared.Unreadable }),
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<IResult> NewAsync(bool? shared, [AsParameters] TemplateDesk desk) =>
        await desk.SetToAddToAsync(shared == true) is null ? Page.NotFound()
            : Page.Of(TemplatePage.Create(desk.Form(new(NewId(), "", "", AllowResponse: false), isNew: true, shared == true, await desk.PracticeAsync())));

    private static async Task<IResult> AddAsync([AsParameters] TemplateDesk desk)
    {
        var form = await desk.Context.Request.FormOrEmptyAsync();
        // An id of ours, never one that a built-in template has.
        var id = Ids.Parse(form.Text("id"))?.ToString("N") ?? NewId();
        var (command, shared) = (Typed(form, id), form.Line("shared") == "true");
        return await desk.Session.DecideAsync(async () =>
            await desk.SetToAddToAsync(shared) is { } set ? await SaveAsync(desk, form, command, set, isNew: true, shared) : Page.NotFound());
    }

    private static async Task<IResult> EditAsync(string id, [AsParameters] TemplateDesk desk) =>
        await desk.ToChangeAsync(id) is var (_, template, shared)
            ? Page.Of(TemplatePage.Create(desk.Form(
                new(id, template.Name, template.Text, template.AllowResponse, TemplatesHandler.Fingerprint(template)), isNew: false, shared, await desk.PracticeAsync())))
            : Page.NotFound();

    private static async Task<IResult> ChangeAsync(string id, [AsParameters] TemplateDesk desk)
    {
        var form = await desk.Context.Request.FormOrEmptyAsync();
        var command = Typed(form, id) with { Seen = form.Text("seen") };
        return await desk.Session.DecideAsync(async () =>
        {
            if (await desk.ToChangeAsync(id) is not var (set, template, shared))
                return await RescueAsync(desk, form, command);
            if (!IsPreview(form) && TemplatesHandler.Overtaken(command, template) is { } overtaken)
                return Page.Of(
                    TemplatePage.Create(desk.Form(command with { Seen = TemplatesHandler.Fingerprint(template) }, isNew: false, shared, await desk.PracticeAsync(), [overtaken])),
                    StatusCodes.Status409Conflict);
            return await SaveAsync(desk, form, command, set, isNew: false, shared);
        });
    }

    /// <summary>Deleted by a colleague meanwhile, or never there for this person: only a form of ours says what it showed.</summary>
    private static async Task<IResult> RescueAsync(TemplateDesk desk, IFormCollection form, SaveTemplate command)
    {
        if (command.Seen == "")
            return Page.NotFound();
        var shared = form.Line("shared") == "true" && desk.Clinician.IsManager;
        var rescued = desk.Form(command with { Id = NewId(), Seen = "" }, isNew: true, shared, await desk.PracticeAsync(), [TemplatesHandler.Deleted]);
        return Page.Of(TemplatePage.Create(rescued with { IsRescued = true }), StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> SaveAsync(TemplateDesk desk, IFormCollection form, SaveTemplate command, TemplateSet set, bool isNew, bool shared)
    {
        var practice = await desk.PracticeAsync();
        var shown = desk.Form(command, isNew, shared, practice);
        if (form.Line("ordinary") == "true")
            return Page.Of(TemplatePage.Create(desk.Form(command with { Text = shown.Hints.Ordinary ?? command.Text }, isNew, shared, practice) with { IsMadeOrdinary = true }));
        if (IsPreview(form))
            return Page.Of(TemplatePage.Create(shown));
        if (TemplatesHandler.Validate(command, set, desk.Sample(command.Text, command.AllowResponse, practice)) is { Count: > 0 } problems)
            return Page.Of(TemplatePage.Create(desk.Form(command, isNew, shared, practice, problems)), StatusCodes.Status422UnprocessableEntity);
        await desk.SaveAsync(TemplatesHandler.Handle(command, set), "saved template", command.Id);
        return new SeeOther("/templates?done=saved");
    }

    /// <summary>The text message while the template is being written, for htmx.</summary>
    private static async Task<IResult> PreviewAsync([AsParameters] TemplateDesk desk) =>
        Page.Of(TemplatePreview.Create(desk.Form(Typed(await desk.Context.Request.FormOrEmptyAsync(), ""), isNew: false, isShared: false, await desk.PracticeAsync())));

    private static async Task<IResult> AskToDeleteAsync(string id, [AsParameters] TemplateDesk desk) =>
        await desk.ToChangeAsync(id) is var (_, template, shared)
            ? Page.Of(DeleteTemplatePage.Create(desk.Form(new(id, template.Name, template.Text, template.AllowResponse), isNew: false, shared, await desk.PracticeAsync())))
            : Page.NotFound();

    private static Task<IResult> DeleteAsync(string id, [AsParameters] TemplateDesk desk) => desk.Session.DecideAsync<IResult>(async () =>
    {
        if (await desk.ToChangeAsync(id) is not var (set, _, _))
            return Page.NotFound();
        await desk.SaveAsync(TemplatesHandler.Delete(id, set), "deleted template", id);
        return new SeeOther("/templates?done=deleted");
    });

    /// <summary>A practice's template as one's own, to be changed.</summary>
    private static Task<IResult> CopyAsync(string id, [AsParameters] TemplateDesk desk) => desk.Session.DecideAsync(async () =>
    {
        var sets = await desk.SetsAsync();
        var (mine, shared) = (sets.Mine(), sets.Shared());
        if (shared.Find(id) is not { } template)
            return Page.NotFound();
        if (mine.Templates.FirstOrDefault(own => own.Name.Equals(template.Name, StringComparison.OrdinalIgnoreCase)) is { } before)
            return new SeeOther($"/templates/{before.Id}");
        if (mine.Templates.Count >= TemplatesHandler.Most)
            return await ListAsync(desk, problem: TemplatesHandler.TooMany);
        var copy = new SaveTemplate(NewId(), template.Name, template.Text, template.AllowResponse);
        await desk.SaveAsync(TemplatesHandler.Handle(copy, mine), "saved template", copy.Id);
        return new SeeOther($"/templates/{copy.Id}");
    });

    /// <summary>Nothing is to be saved.</summary>
    private static bool IsPreview(IFormCollection form) => form.Line("preview") == "true" || form.Line("ordinary") == "true";

    private static SaveTemplate Typed(IFormCollection form, string id) =>
        new(id, form.Line("name"), form.Text("text"), form.Line("allowResponse") == "true");

    private static string NewId() => Guid.NewGuid().ToString("N");
}
