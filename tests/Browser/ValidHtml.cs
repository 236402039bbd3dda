using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Playwright;

namespace PatientResponse.Tests.Browser;

/// <summary>Keeps the HTML of visited pages and validates all of it at once with html-validate, from npm.</summary>
internal static class ValidHtml
{
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
        var start = new ProcessStartInfo("node") { WorkingDirectory = Repository.Root, RedirectStandardOutput = true };
        foreach (var argument in (string[])["node_modules/html-validate/bin/html-validate.mjs", "--preset", "standard", "--formatter", "json", folder])
            start.ArgumentList.Add(argument);
        using var node = Process.Start(start)!;
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();

        using var report = JsonDocument.Parse(output);
        return [..
            from file in report.RootElement.EnumerateArray()
            from message in file.GetProperty("messages").EnumerateArray()
            select $"{Path.GetFileNameWithoutExtension(file.GetProperty("filePath").GetString())}, line {message.GetProperty("line")}: {message.GetProperty("message").GetString()} ({message.GetProperty("ruleId").GetString()})"];
    }
}
