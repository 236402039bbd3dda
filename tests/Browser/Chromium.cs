using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(PatientResponse.Tests.Browser.Chromium))]

namespace PatientResponse.Tests.Browser;

/// <summary>The system's own Chromium, started when the first test asks for a page and shared by all. Never downloaded.</summary>
public sealed class Chromium : IAsyncDisposable
{
    internal const string Executable = "/usr/bin/chromium";

    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private readonly SemaphoreSlim _starting = new(1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Skips the test where there is no Chromium; fails it where CI=true.</summary>
    public static void Require()
    {
        const string Missing = $"{Executable} is not there. On Debian, as root: apt-get install -y chromium";
        Assert.False(!File.Exists(Executable) && Environment.GetEnvironmentVariable("CI") == "true", Missing);
        Assert.SkipUnless(File.Exists(Executable), Missing);
    }

    /// <summary>A browser context of its own: no cookies, no cache, nothing shared. The caller disposes of it.</summary>
    /// <param name="screen">Also sets touch, and what the phone calls itself.</param>
    /// <param name="address">Where relative addresses start, such as <c>http://localhost:5000</c>.</param>
    /// <param name="javaScript">Whether the page's own scripts run.</param>
    public async Task<IBrowserContext> OpenContextAsync(
        Screen screen, Uri? address = null, bool javaScript = true, string? userAgent = null)
    {
        Require();
        var browser = await StartAsync();
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = address?.ToString(),
            JavaScriptEnabled = javaScript,
            ViewportSize = new() { Width = screen.Width, Height = screen.Height },
            HasTouch = screen.Touch,
            UserAgent = userAgent,
            Locale = "en-GB",
            TimezoneId = "Europe/London",
            AcceptDownloads = true,
        });
        context.SetDefaultTimeout(15_000);
        Assertions.SetDefaultExpectTimeout(15_000);
        PageRecord.Watch(context, javaScript);
        return context;
    }

    /// <summary>A browser of its own whose user has blocked all cookies, beside the shared one. The caller disposes of it.</summary>
    /// <param name="profile">An empty folder.</param>
    public async Task<IBrowserContext> OpenWithoutCookiesAsync(Screen screen, Uri address, string profile)
    {
        Require();
        Directory.CreateDirectory(Path.Combine(profile, "Default"));
        await File.WriteAllTextAsync(Path.Combine(profile, "Default", "Preferences"), """{ "profile": { "default_content_setting_values": { "cookies": 2 } } }""");
        await StartAsync();
        var context = await _playwright!.Chromium.LaunchPersistentContextAsync(profile, new()
        {
            ExecutablePath = Executable,
            Args = Flags,
            Timeout = 60_000,
            BaseURL = address.ToString(),
            ViewportSize = new() { Width = screen.Width, Height = screen.Height },
            HasTouch = screen.Touch,
            Locale = "en-GB",
        });
        PageRecord.Watch(context, javaScript: true);
        return context;
    }

    /// <summary>A browser of its own on a machine that has the fonts of one folder only, and no other names for them. The caller disposes of it.</summary>
    /// <param name="work">An empty folder.</param>
    public async Task<IBrowser> LaunchWithFontsAsync(string fonts, string work)
    {
        Require();
        var configuration = Path.Combine(work, "fonts.conf");
        await File.WriteAllTextAsync(configuration, $"<fontconfig><dir>{fonts}</dir><cachedir>{work}</cachedir></fontconfig>");
        await StartAsync();
        return await _playwright!.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Executable,
            Args = Flags,
            Timeout = 60_000,
            Env = new Dictionary<string, string>(Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!)) { ["FONTCONFIG_FILE"] = configuration },
        });
    }

    private async Task<IBrowser> StartAsync()
    {
        await _starting.WaitAsync();
        try
        {
            _playwright ??= await Playwright.CreateAsync();
            return _browser ??= await _playwright.Chromium.LaunchAsync(
                new() { ExecutablePath = Executable, Args = Flags, Timeout = 60_000 });
        }
        finally
        {
            _starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        _starting.Dispose();
    }
}

/// <summary>A screen to test at, in CSS pixels.</summary>
public sealed record Screen(int Width, int Height, bool Touch)
{
    public static readonly Screen Desktop = new(1366, 768, Touch: false);
    public static readonly Screen Phone = new(360, 640, Touch: true);

    public static Screen Named(string name) => name == nameof(Phone) ? Phone : Desktop;
}
