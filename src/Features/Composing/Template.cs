using System.Text.Json.Serialization;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features.Composing;

/// <summary>A message to start from.</summary>
/// <param name="Id">Stands in addresses: a built-in one's short name, otherwise 32 hexadecimal digits.</param>
/// <param name="Text">With placeholders, and with blanks that the clinician fills in.</param>
/// <param name="AllowResponse">Choosing it ticks "Allow patient response".</param>
public sealed record Template(string Id, string Name, string Text, bool AllowResponse);

/// <summary>The templates of one clinician, or those that a practice shares: one document, so that a page reads them all at once.</summary>
public sealed record TemplateSet(string Id, IReadOnlyList<Template> Templates) : IDocument
{
    /// <summary>The clinician's own.</summary>
    public static Func<TemplateSet> Mine(IReading reading, Clinician clinician) => Set(reading, "clinician/" + clinician.Id, []);

    /// <summary>What the practice shares: the built-in ones, until a manager changes them.</summary>
    public static Func<TemplateSet> Shared(IReading reading, Clinician clinician) => Set(reading, "practice/" + clinician.PracticeId, BuiltInTemplates.All);

    private static Func<TemplateSet> Set(IReading reading, string id, IReadOnlyList<Template> atFirst)
    {
        var stored = reading.Load<TemplateSet>(id);
        return () => stored.Value ?? new(id, atFirst);
    }

    /// <summary>To choose from: one that is damaged is empty and says so.</summary>
    public static TemplateSet Shown(Func<TemplateSet> read)
    {
        try
        {
            return read();
        }
        catch (DamagedException damaged)
        {
            return new("", []) { Unreadable = damaged.What };
        }
    }

    /// <summary>What is damaged; null when nothing is.</summary>
    [JsonIgnore]
    public string? Unreadable { get; private init; }

    public Template? Find(string id) => Templates.FirstOrDefault(template => template.Id == id);

    public IEnumerable<Template> ByName => Templates.OrderBy(template => template.Name, StringComparer.OrdinalIgnoreCase);
}
