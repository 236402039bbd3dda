using System.Net;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace PatientResponse.Tests.Support;

/// <summary>A browser without JavaScript: keeps cookies, fills in the forms that a page really has, follows 303.</summary>
/// <param name="root">Where relative addresses start.</param>
public sealed class TestBrowser(CookieContainer cookies, HttpMessageHandler handler, Uri? root = null)
{
    private readonly Uri _root = root ?? new("http://localhost/");
    private readonly HttpMessageInvoker _http = new(handler);

    public CookieContainer Cookies => cookies;

    /// <summary>The page that is shown now.</summary>
    public TestPage Page { get; private set; } = null!;

    public Task<TestPage> GetAsync(string address, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_root, address));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return OpenAsync(request);
    }

    /// <summary>Fills in the page's form and submits it. Names that the form does not have are an error of the test.</summary>
    /// <param name="form">Which form: a CSS selector.</param>
    public Task<TestPage> SubmitAsync(string form, params (string Name, string Value)[] fields) => OpenAsync(Submission(form, fields));

    /// <summary>The request that submitting the form makes, to be sent later, twice or changed.</summary>
    public HttpRequestMessage Submission(string form, params (string Name, string Value)[] fields)
    {
        var element = Page.Html.QuerySelector<IHtmlFormElement>(form) ?? throw new InvalidOperationException($"The page has no {form}:\n{Page.Text}");
        var values = Filled(element, fields);
        var action = new Uri(Page.Address, element.GetAttribute("action") ?? "");
        if (!string.Equals(element.Method, "post", StringComparison.OrdinalIgnoreCase))
            return new HttpRequestMessage(HttpMethod.Get, new Uri(action, "?" + new FormUrlEncodedContent(values).ReadAsStringAsync().Result));
        return new HttpRequestMessage(HttpMethod.Post, action)
        {
            Content = element.Enctype == "multipart/form-data" ? Multipart(values, []) : new FormUrlEncodedContent(values),
        };
    }

    /// <summary>Submits a multipart form with files, each a name and its bytes.</summary>
    public Task<TestPage> SubmitFilesAsync(string form, IReadOnlyList<(string Name, byte[] Bytes)> files, params (string Name, string Value)[] fields) =>
        OpenAsync(FileSubmission(form, files, fields));

    public HttpRequestMessage FileSubmission(string form, IReadOnlyList<(string Name, byte[] Bytes)> files, params (string Name, string Value)[] fields)
    {
        var element = Page.Html.QuerySelector<IHtmlFormElement>(form) ?? throw new InvalidOperationException($"The page has no {form}:\n{Page.Text}");
        return new HttpRequestMessage(HttpMethod.Post, new Uri(Page.Address, element.GetAttribute("action") ?? ""))
        {
            Content = Multipart(Filled(element, fields), files),
        };
    }

    /// <summary>Sends a request with this browser's cookies and follows redirects.</summary>
    public async Task<TestPage> OpenAsync(HttpRequestMessage request)
    {
        var response = await SendAsync(request);
        for (var hops = 0; (int)response.StatusCode is 301 or 302 or 303 && hops < 10; hops++)
        {
            var next = new Uri(request.RequestUri!, response.Headers.Location!);
            request = new HttpRequestMessage(HttpMethod.Get, next);
            response = await SendAsync(request);
        }
        return Page = await TestPage.ReadAsync(response, request.RequestUri!);
    }

    /// <summary>Sends a request with this browser's cookies; redirects are not followed.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        if (cookies.GetCookieHeader(request.RequestUri!) is { Length: > 0 } header)
            request.Headers.TryAddWithoutValidation("Cookie", header);
        var response = await _http.SendAsync(request, CancellationToken.None);
        if (response.Headers.TryGetValues("Set-Cookie", out var set))
            foreach (var cookie in set)
                cookies.SetCookies(request.RequestUri!, cookie);
        return response;
    }

    private static List<KeyValuePair<string, string>> Filled(IHtmlFormElement form, (string Name, string Value)[] fields)
    {
        var values = new List<KeyValuePair<string, string>>();
        foreach (var control in form.Elements.Where(e => e.HasAttribute("name") && !e.HasAttribute("disabled")))
        {
            var name = control.GetAttribute("name")!;
            var value = control switch
            {
                IHtmlInputElement { Type: "checkbox" or "radio" } box => box.IsChecked ? box.Value : null,
                IHtmlInputElement { Type: "file" or "submit" or "button" } => null,
                IHtmlInputElement input => input.Value,
                IHtmlTextAreaElement area => area.Value,
                IHtmlSelectElement select => select.Value,
                _ => null,
            };
            if (value is not null && fields.All(field => field.Name != name))
                values.Add(new(name, value));
        }
        foreach (var (name, value) in fields)
        {
            if (form.Elements.All(e => e.GetAttribute("name") != name))
                throw new InvalidOperationException($"The form has no field '{name}'.");
            values.Add(new(name, value));
        }
        return values;
    }

    private static MultipartFormDataContent Multipart(IEnumerable<KeyValuePair<string, string>> values, IReadOnlyList<(string Name, byte[] Bytes)> files)
    {
        var content = new MultipartFormDataContent { HeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        foreach (var (name, value) in values)
            content.Add(new StringContent(value), name);
        foreach (var (name, bytes) in files)
        {
            var part = new ByteArrayContent(bytes);
            // As browsers do: quotes escaped, everything else raw UTF-8.
            part.Headers.TryAddWithoutValidation("Content-Disposition",
                $"form-data; name=\"files\"; filename=\"{name.Replace("\"", "%22", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal)}\"");
            part.Headers.TryAddWithoutValidation("Content-Type", "application/octet-stream");
            content.Add(part);
        }
        return content;
    }
}

/// <summary>An answer, parsed.</summary>
public sealed record TestPage(HttpStatusCode Status, Uri Address, IHtmlDocument Html, string Source, HttpResponseMessage Response)
{
    /// <summary>What a person reads: the text of the body, white space folded.</summary>
    public string Text => string.Join(' ', (Html.Body?.TextContent ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    public string Title => Html.Title ?? "";

    public string Heading => Html.QuerySelector("h1")?.TextContent.Trim() ?? "";

    public static async Task<TestPage> ReadAsync(HttpResponseMessage response, Uri address)
    {
        var source = await response.Content.ReadAsStringAsync();
        return new(response.StatusCode, address, new HtmlParser().ParseDocument(source), source, response);
    }
}
