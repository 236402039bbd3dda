using PatientResponse.Infrastructure.Text;
using static PatientResponse.Infrastructure.Languages.Words;

namespace PatientResponse.Features.UploadReply;

/// <summary>"I am replying for someone else", as it comes in.</summary>
public sealed class ProxyFields
{
    /// <summary>In characters, of each field.</summary>
    private const int Most = 100;

    private bool _isTicked;
    private Proxy _typed = new("", "");

    /// <summary>Null when the box is not ticked: what stands in its fields then counts for nothing.</summary>
    public Proxy? Typed => _isTicked ? _typed : null;

    public void Take(string? field, string value)
    {
        switch (field)
        {
            case "proxy":
                _isTicked = value == "true";
                break;
            case "proxyName":
                _typed = _typed with { Name = Line(value) };
                break;
            case "proxyRelationship":
                _typed = _typed with { Relationship = Line(value) };
                break;
        }
    }

    public static Proxy? Of(string? box, string? name, string? relationship)
    {
        var fields = new ProxyFields();
        fields.Take("proxy", box ?? "");
        fields.Take("proxyName", name ?? "");
        fields.Take("proxyRelationship", relationship ?? "");
        return fields.Typed;
    }

    public static IReadOnlyList<FieldError> Problems(Proxy? proxy) => proxy is null ? [] :
    [
        .. Problem("proxyName", proxy.Name, "proxy.name-missing"),
        .. Problem("proxyRelationship", proxy.Relationship, "proxy.relationship-missing"),
    ];

    private static FieldError[] Problem(string field, string value, string missing) =>
        value.Length == 0 ? [new(field, Say(missing))]
        : value.Length > Most ? [new(field, Say("proxy.too-long", Most))]
        : [];

    /// <summary>Far too long is shown back cut.</summary>
    private static string Line(string value) => OneLine.Clean(PlainText.Line(value.Length > 10 * Most ? value[..(10 * Most)] : value)).Trim();
}
