using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Playwright;

namespace PatientResponse.Tests.Browser;

/// <summary>What happened on one page since it was opened: its latest document, and what the browser complained of.</summary>
internal sealed class PageRecord(bool javaScript)
{
    private static readonly ConditionalWeakTable<IPage, PageRecord> Records = [];

    public bool JavaScript { get; } = javaScript;

    /// <summary>The answer that made the page, as the server wrote it; null if no server did.</summary>
    public IResponse? Document { get; private set; }

    /// <summary>The slice that it was made of; null if it was none.</summary>
    public string? Page => Document?.Headers.GetValueOrDefault(BrowserApp.PageNames.Header);

    /// <summary>Script errors and refusals by the Content-Security-Policy.</summary>
    public ConcurrentQueue<string> Complaints { get; } = [];

    public static PageRecord Of(IPage page) => Records.GetValue(page, _ => new PageRecord(javaScript: true));

    private static readonly string[] LostSignal = ["net::ERR_CONNECTION_RESET", "net::ERR_EMPTY_RESPONSE", "net::ERR_INTERNET_DISCONNECTED", "net::ERR_SOCKET_NOT_CONNECTED"];

    private static readonly string[] CalledOff = ["htmx:sendAbort", "htmx:afterRequest"];

    public static void Watch(IBrowserContext context, bool javaScript) => context.Page += (_, page) =>
    {
        var record = Records.GetValue(page, _ => new PageRecord(javaScript));
        page.Response += (_, response) =>
        {
            if (response.Request.IsNavigationRequest && response.Status is < 300 or >= 400 && response.Frame == page.MainFrame)
                record.Document = response;
        };
        page.PageError += (_, error) => record.Complaints.Enqueue(error);
        page.Console += (_, message) =>
        {
            // An error page is a page too: its status is not a complaint, neither the browser's nor htmx's. Nor is a lost signal,
            // nor a live search that is called off because the form was sent (hx-sync).
            if (message.Type == "error" && !LostSignal.Any(message.Text.Contains) && !CalledOff.Any(message.Text.StartsWith)
                && !message.Text.Contains("the server responded with a status of", StringComparison.Ordinal)
                && !message.Text.StartsWith("Response Status Error Code", StringComparison.Ordinal))
                record.Complaints.Enqueue(message.Text);
        };
    };
}
