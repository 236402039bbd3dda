using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Playwright;

namespace PatientResponse.Tests.Browser;

/// <summary>Keeps the HTML of visited pages and validates all of it at once with the W3C's own checker, vnu.</summary>
internal static class ValidHtml
{
    /// <summary>What pages for htmx say beside HTML, and the roles that nhsuk-frontend gives its narrow tables, because some
    /// browsers take what is laid out as blocks for no table. What was typed is shown back, also where it is no date.</summary>
    private const string Accepted = ".*Attribute .hx-[a-z:-]+. not allowed on element .*|The .role. attribute must not be used on a .t[rdh]. element .*|Bad value .* on element .input.*";

    private static readonly ConcurrentDictionary<string, string> Kept = [];

    public static IReadOnlyDictionary<string, string> Pages => Kept;

    /// <summary>Keeps the page as the server sent it and, where scripts may have changed it, as it is now.</summary>
    public static async Task KeepAsync(IPage page, string state)
    {
        var record = PageRecord.Of(page);
        if (record.Document is { } document)
            Kept[$"{state} as sent"] = await document.TextAsync();
        if (record.JavaScript || record.Document is null)
            Kept[$"{state} as shown"] = await page.ContentAsync();
    }

    /// <summary>What is wrong with the pages, one line for each mistake; empty if nothing is.</summary>
    public static async Task<IReadOnlyList<string>> MistakesAsync(IReadOnlyDictionary<string, string> pages)
    {
        if (pages.Count == 0)
            return [];
        var folder = Directory.CreateTempSubdirectory("html-");
        try
        {
            foreach (var (name, html) in pages)
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, PageChecks.FileName(name) + ".html"), html);
            return await ValidateAsync(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<string>> ValidateAsync(string folder)
    {
        string[] arguments = ["-Xss4m", "-jar", "tests/counterparts/node_modules/vnu-jar/build/dist/vnu.jar", "--errors-only", "--exit-zero-always", "--format", "json", "--filterpattern", Accepted, folder];
        using var java = Process.Start(new ProcessStartInfo("java", arguments) { WorkingDirectory = Repository.Root, RedirectStandardError = true })!;
        var output = await java.StandardError.ReadToEndAsync();
        await java.WaitForExitAsync();

        using var report = JsonDocument.Parse(output);
        return [..
            from message in report.RootElement.GetProperty("messages").EnumerateArray()
            let line = message.TryGetProperty("lastLine", out var number) ? number.GetInt32() : 0
            select $"{Path.GetFileNameWithoutExtension(message.GetProperty("url").GetString())}, line {line}: {message.GetProperty("message").GetString()}"];
    }
}
