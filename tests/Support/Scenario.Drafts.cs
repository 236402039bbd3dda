using System.Globalization;

namespace PatientResponse.Tests.Support;

/// <summary>What the script of the reply page sends while Pat looks at it.</summary>
public static partial class Scenario
{
    /// <summary>Adds one file by itself; the page stays open. Answers with a part of the page.</summary>
    /// <param name="typed">When the file was chosen, by Pat's clock.</param>
    public static Task<TestPage> AddsAsync(this TestBrowser pat, string name, byte[] bytes, long typed = 1) =>
        pat.PostsAsync(pat.FileSubmission("#reply", [(name, bytes)], ("typed", Number(typed))), "/files");

    /// <summary>Removes a file that was added, by what its button says.</summary>
    public static Task<TestPage> RemovesAsync(this TestBrowser pat, string action) =>
        pat.PostsAsync(pat.FileSubmission("#reply", [], ("action", action)), "/files");

    /// <summary>Saves words that Pat has typed; the page stays open.</summary>
    /// <param name="typed">When, by Pat's clock.</param>
    public static Task<TestPage> SavesAsync(this TestBrowser pat, string text, long typed) =>
        pat.PostsAsync(pat.Submission("#reply", ("text", text), ("typed", Number(typed))), "/text");

    /// <summary>Sends what a form would send to an address below its own.</summary>
    public static async Task<TestPage> PostsAsync(this TestBrowser pat, HttpRequestMessage request, string below)
    {
        request.RequestUri = new Uri(request.RequestUri! + below);
        return await TestPage.ReadAsync(await pat.SendAsync(request), request.RequestUri);
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
