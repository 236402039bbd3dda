using System.Net.Http.Headers;
using System.Text;

namespace PatientResponse.Tests.Benchmark;

/// <summary>What somebody who has signed in nowhere can send, each as large or as awkward as the server takes.</summary>
internal static class AnonymousForms
{
    private const int Megabyte = 1024 * 1024;

    /// <summary>A little below the limit of a form of words.</summary>
    private const int Most = Megabyte - 4096;

    /// <summary>Every field that a form of ours has, but the password, which is hashed.</summary>
    private static readonly string[] Fields =
        ["text", "email", "code", "token", "user", "returnUrl", "credential", "day", "month", "year", "link", "q", "dob", "name", "mobile", "action", "typed", "proxyName"];

    /// <param name="token">A good antiforgery token, or none: the form is stale then.</param>
    public static IEnumerable<(string Name, Func<HttpContent> Make)> Of(string? token)
    {
        var begin = token is null ? "" : $"__RequestVerificationToken={Uri.EscapeDataString(token)}&";
        yield return ("1 MB of <", () => Words($"{begin}text={new string('<', Most)}"));
        yield return ("1 MB of accents", () => Words($"{begin}text=a{new string('\u0301', Most / 2)}"));
        yield return ("1 MB of letters with accents", () => Words(begin + "text=" + string.Concat(Enumerable.Repeat("a\u0301\u0323", Most / 5))));
        yield return ("1 MB of what is encoded", () => Words(begin + "text=" + string.Concat(Enumerable.Repeat("%E2%82%AC", Most / 9))));
        yield return ("an address encoded over and over", () => Words($"{begin}returnUrl=/%{string.Concat(Enumerable.Repeat("25", Most / 2))}"));
        yield return ("all fields, 50 KB each", () => Words(begin + string.Join('&', Fields.Select(field => $"{field}={new string('9', 50_000)}"))));
        yield return ("all fields, 50 KB of signs each", () => Words(begin + string.Join('&', Fields.Select(field => $"{field}={string.Concat(Enumerable.Repeat("/r/ <'\"", 7_000))}"))));
        yield return ("190 fields of 5 KB", () => Words(begin + string.Join('&', Enumerable.Range(0, 190).Select(i => $"f{i}={new string('<', 5_000)}"))));
        yield return ("30,000 fields", () => Words(begin + string.Join('&', Enumerable.Range(0, 30_000).Select(i => $"f{i}=1"))));
        yield return ("190 parts of 5 KB", () => Parts(token, 190, 5_000));
        yield return ("15,000 parts", () => Parts(token, 15_000, 1));
        yield return ("20 MB", () => Sized(20 * Megabyte, "application/x-www-form-urlencoded"));
        yield return ("1 MB that is no form", () => Sized(Megabyte, "application/octet-stream"));
        yield return ("40 MB in five files", () => Files(token, 5, 7_300_000));
    }

    private static ByteArrayContent Words(string body) => new(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new("application/x-www-form-urlencoded") } };

    private static ByteArrayContent Sized(int bytes, string type) => new(new byte[bytes]) { Headers = { ContentType = new(type) } };

    private static MultipartFormDataContent Parts(string? token, int parts, int bytes)
    {
        var form = Begin(token);
        for (var i = 0; i < parts; i++)
            form.Add(new ByteArrayContent(new byte[bytes]), $"f{i}");
        return form;
    }

    private static MultipartFormDataContent Files(string? token, int files, int bytes)
    {
        var form = Begin(token);
        form.Add(new StringContent("My words"), "text");
        for (var i = 0; i < files; i++)
            form.Add(new ByteArrayContent(new byte[bytes]) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } }, "files", $"{i}.jpg");
        return form;
    }

    private static MultipartFormDataContent Begin(string? token)
    {
        var form = new MultipartFormDataContent("b");
        if (token is not null)
            form.Add(new StringContent(token), "__RequestVerificationToken");
        return form;
    }
}
