using Microsoft.AspNetCore.Http.Metadata;

namespace PatientResponse.Infrastructure.Web.Forms;

/// <summary>Marks a route that answers with a part of a page, while somebody types: a failure leaves the page alone.</summary>
public sealed record PartOfPage;

/// <summary>A form whose POST failed on our side, to be shown back and sent again. Empty where it cannot or must not be shown:
/// with files, or made by another site.</summary>
/// <param name="Action">Null where it was for a part of a page only: then the words can be copied.</param>
/// <param name="Fields">As they were sent, without secrets, which their page asks for again; the antiforgery token is still good for
/// whom it was made.</param>
public sealed record SentForm(string? Action, IReadOnlyList<(string Name, string Value)> Fields)
{
    private static readonly string[] Secret = ["password", "current", "again", "code", "credential"];

    /// <summary>What people type beside a text, where it is shown to be copied.</summary>
    private static readonly string[] Typed = ["q", "dob", "name", "proxyName", "proxyRelationship"];

    public bool IsEmpty => Fields.Count == 0;

    public string Text => Fields.FirstOrDefault(sent => sent.Name == "text").Value ?? "";

    /// <summary>Everything that was typed, a line each.</summary>
    public string Words => string.Join('\n', [.. Fields.Where(sent => Typed.Contains(sent.Name) && sent.Value.Length > 0).Select(sent => sent.Value), Text]);

    public static async Task<SentForm> OfAsync(HttpRequest request)
    {
        var endpoint = request.HttpContext.GetEndpoint();
        var action = endpoint?.Metadata.GetMetadata<PartOfPage>() is null ? request.Path + request.QueryString : null;
        // A form with a limit of its own holds files, which must not be kept in clear.
        if (!HttpMethods.IsPost(request.Method) || AntiforgeryFilter.IsCrossSite(request) || endpoint?.Metadata.GetMetadata<IRequestSizeLimitMetadata>() is not null)
            return new(action, []);
        var form = await request.FormOrEmptyAsync();
        return new(action, [.. form.Where(field => !Secret.Contains(field.Key)).SelectMany(field => field.Value.Select(value => (field.Key, value ?? "")))]);
    }
}

/// <param name="Status">503 where something that we depend on is away, otherwise 500.</param>
public sealed record Unavailable(SentForm Sent, int Status);
