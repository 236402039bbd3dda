using PatientResponse.Features;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.UploadReply;

/// <summary>Tests of what is kept of an answer before it is sent.</summary>
public abstract class ReplyDraftTest : IAsyncDisposable
{
    protected TestApp App { get; } = new();

    /// <summary>Holds a save back, once <see cref="TestApp.Replace"/> is told to use it.</summary>
    protected HeldSave Held { get; } = new();

    protected Request Asked { get; private set; } = null!;

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task<TestBrowser> OpenAsync()
    {
        Asked = await App.AliceAsksAsync();
        return await App.PatOpensAsync(Asked.Link);
    }

    /// <summary>The page of the answer as this browser gets it now.</summary>
    protected static Task<TestPage> ReloadAsync(TestBrowser pat) => pat.GetAsync(pat.Page.Address.AbsolutePath);

    protected static string Text(TestPage page) => page.Html.QuerySelector("#text")!.TextContent.Trim();

    protected static IEnumerable<string> Attached(TestPage page) => page.Html.QuerySelectorAll("#attached .app-attached__name").Select(name => name.TextContent);

    protected static Task<TestPage> DeletesAsync(TestBrowser pat, long typed) =>
        pat.SubmitFilesAsync("#reply", [], ("action", "delete"), ("typed", $"{typed}"));

    protected async Task CancelAsync()
    {
        await Asked.Alice.GetAsync(Asked.Conversation);
        await Asked.Alice.SubmitAsync("form[action$='/cancel']");
    }

    protected Task<long> DraftsAsync() =>
        App.WithAsync<IDatabase, long>(database => database.CountAsync($"mt_doc_sealed where type = '{nameof(ReplyDraft)}'"));

    protected string[] StoredFiles()
    {
        var folder = Path.Combine(App.DataFolder, "files");
        return Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file).Length == 32)] : [];
    }
}
