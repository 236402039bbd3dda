using System.Security.Cryptography;
using System.Text;
using PatientResponse.Features.Composing;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.Templates;

/// <summary>A template as typed; of a new one the id is made with the page, so that a double click saves once.</summary>
/// <param name="Seen">The <see cref="TemplatesHandler.Fingerprint"/> of the template that the form showed; empty for a new one.</param>
public sealed record SaveTemplate(string Id, string Name, string Text, bool AllowResponse, string Seen = "");

public static class TemplatesHandler
{
    public const int MostCharactersOfName = 60;

    /// <summary>Of one person, and of one practice.</summary>
    public const int Most = 100;

    public const string TooMany = "There are 100 templates here already, which is the most. Delete one first";

    /// <param name="sms">The whole SMS that the template would make for a made-up patient.</param>
    public static IReadOnlyList<FieldError> Validate(SaveTemplate command, TemplateSet set, string sms)
    {
        var problems = new List<FieldError>();
        if (NameProblem(command, set) is { } name)
            problems.Add(new("name", name));
        if (TextProblem(command, sms) is { } text)
            problems.Add(new("text", text));
        if (set.Find(command.Id) is null && set.Templates.Count >= Most)
            problems.Add(new("name", TooMany));
        return problems;
    }

    /// <summary>Another one for every other template.</summary>
    public static string Fingerprint(Template template) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes($"{template.AllowResponse}\n{template.Name}\n{template.Text}")))[..32];

    /// <summary>What somebody else saved after this form was shown; null when nobody did, or saved the same.</summary>
    public static FieldError? Overtaken(SaveTemplate command, Template template) =>
        command.Seen == Fingerprint(template) || Typed(command) == template ? null
        : new("text", $"This template was changed after you opened it. It is called “{template.Name}” now and says: “{template.Text}”. Save it again to put yours in its place");

    /// <summary>What was typed is still there, to be saved as another one.</summary>
    public static readonly FieldError Deleted = new("text",
        "This template was deleted after you opened it. What you wrote is still here: save it as a new template, or copy it");

    /// <summary>The set with this template in it, in place of the one with its id.</summary>
    public static TemplateSet Handle(SaveTemplate command, TemplateSet set) =>
        set with { Templates = [.. set.Templates.Where(template => template.Id != command.Id), Typed(command)] };

    public static TemplateSet Delete(string id, TemplateSet set) => set with { Templates = [.. set.Templates.Where(template => template.Id != id)] };

    private static Template Typed(SaveTemplate command) => new(command.Id, command.Name.Trim(), command.Text.Trim(), command.AllowResponse);

    private static string? NameProblem(SaveTemplate command, TemplateSet set) => command.Name.Trim() switch
    {
        "" => "Enter a name",
        { Length: > MostCharactersOfName } => $"The name must have {MostCharactersOfName} characters or fewer",
        var name when OneLine.Problem("name", name) is { } problem => problem,
        var name when set.Templates.Any(other => other.Id != command.Id && other.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) =>
            "Another template has this name. Enter another one",
        _ => null,
    };

    private static string? TextProblem(SaveTemplate command, string sms)
    {
        if (string.IsNullOrWhiteSpace(command.Text))
            return "Enter a message";
        if (Placeholders.Unknown(command.Text) is { Count: > 0 } unknown)
            return $"We do not know what to put for {string.Join(", ", unknown)}. Use the words in brackets below, or {Placeholders.Blank} for what you fill in yourself";
        var size = SmsText.Measure(sms);
        return size.TooLong ? $"The message is too long for a text message: {size.Units - size.MaxUnits} characters over. Shorten it" : null;
    }
}
