using Microsoft.Playwright;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Browser;

/// <summary>Visits pages in their states, in both ways that a page is used: at a desk with JavaScript, and on a phone without.</summary>
public abstract class PageTest(Chromium chromium) : BrowserTest(chromium)
{
    private protected BrowserApp App { get; } = new();

    public static TheoryData<string, bool> Ways { get; } = new() { { nameof(Screen.Desktop), true }, { nameof(Screen.Phone), false } };

    /// <summary>A page of somebody who is not signed in.</summary>
    protected Task<IPage> Stranger(string screen, bool javaScript) => Page(Screen.Named(screen), App.Address, javaScript);

    /// <summary>A page of Alice, signed in, and the plain browser that she signed in with.</summary>
    protected async Task<(IPage Page, TestBrowser Http)> Alice(string screen, bool javaScript)
    {
        var context = await Browser(Screen.Named(screen), App.Address, javaScript);
        var http = await App.AliceSignsInAsync();
        await context.TakeOverAsync(http);
        return (await context.NewPageAsync(), http);
    }

    private protected async Task<string> LinkOfAsync(Guid conversation) => $"/r/{(await App.ConversationAsync(conversation)).Token}";

    private protected Task ChangeAsync<T>(string id, Action<T> change) where T : class, IDocument =>
        App.WithAsync<IDocumentSession, bool>(async session =>
        {
            var document = (await session.LoadAsync<T>(id))!;
            change(document);
            session.Store(document);
            await session.SaveChangesAsync();
            return true;
        });

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await App.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
