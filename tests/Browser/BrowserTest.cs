using Microsoft.Playwright;

namespace PatientResponse.Tests.Browser;

/// <summary>One after the other, so that a slow machine's browser keeps up.</summary>
[CollectionDefinition(nameof(BrowserTests))]
public sealed class BrowserTests;

/// <summary>A test in the browser; derive from it so that <see cref="ManifestTests"/> knows that it ran.</summary>
[Collection(nameof(BrowserTests))]
public abstract class BrowserTest(Chromium chromium) : IAsyncLifetime
{
    private readonly List<IBrowserContext> _contexts = [];

    /// <summary>A browser of its own, closed after the test.</summary>
    protected async Task<IBrowserContext> Browser(Screen screen, Uri? address = null, bool javaScript = true, string? userAgent = null)
    {
        var context = await chromium.OpenContextAsync(screen, address, javaScript, userAgent);
        _contexts.Add(context);
        return context;
    }

    /// <summary>One page in a browser of its own.</summary>
    protected async Task<IPage> Page(Screen screen, Uri? address = null, bool javaScript = true, string? userAgent = null) =>
        await (await Browser(screen, address, javaScript, userAgent)).NewPageAsync();

    public virtual ValueTask InitializeAsync()
    {
        var test = TestContext.Current.TestMethod!;
        Manifest.Ran(test.TestClass.TestClassName, test.MethodName);
        return ValueTask.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var context in _contexts)
            await context.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
