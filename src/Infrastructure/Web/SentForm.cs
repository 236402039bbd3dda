using Htmx;

namespace PatientResponse.Infrastructure.Web;

/// <summary>A form whose POST failed on our side, to be shown back and sent again. Empty where it cannot or must not be shown:
/// with files, with a secret in it, or made by another site.</summary>
/// <param name="Action">Null where it was for a part of a page only: then the words can be copied.</param>
/// <param name="Fields">As they were sent, the antiforgery token included: it is still good for whom it was made.</param>
public sealed record SentForm(string? Action, IReadOnlyList<(string Name, string Value)> Fields)
{
    private static readonly string[] Secret = ["password", "current", "again", "token", "code"];

    public bool IsEmpty => Fields.Count == 0;

    public string Text => Fields.FirstOrDefault(sent => sent.Name == "text").Value ?? "";

    public static async Task<SentForm> OfAsync(HttpRequest request)
    {
        var action = request.IsHtmx() ? null : request.Path + request.QueryString;
        if (!HttpMethods.IsPost(request.Method) || AntiforgeryFilter.IsCrossSite(request)
            || request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true)
            return new(action, []);
        var form = await request.FormOrEmptyAsync();
        return new(action, form.Keys.Any(Secret.Contains) ? [] : [.. form.SelectMany(field => field.Value.Select(value => (field.Key, value ?? "")))]);
    }
}
