using System.Collections.Concurrent;
using System.Reflection;

namespace PatientResponse.Tests.Browser;

/// <summary>Every page in every state. The browser tests must visit each of them, and none besides.</summary>
public static class Manifest
{
    /// <summary>"page: state", in the words of <see cref="PageChecks.ShouldBeAccessible"/>.</summary>
    public static readonly string[] States =
    [
        .. Of("sign-in", "plain", "errors", "wrong password", "locked", "passkey refused"),
        .. Of("forgotten password", "plain", "errors", "sent"),
        .. Of("second step", "plain", "wrong code", "locked", "passkey"),
        .. Of("second factor", "none", "app", "required"),
        .. Of("second factor first", "with text"),
        .. Of("app", "plain", "wrong code", "on"),
        .. Of("recovery codes", "shown", "left"),
        .. Of("passkeys", "none", "one", "refused", "without JavaScript"),
        .. Of("confirm", "plain", "errors"),
        .. Of("practice", "plain", "errors", "overtaken", "password needed", "saved"),
        .. Of("signed out meanwhile", "with text", "nothing typed"),
        .. Of("home", "plain", "wrong code"),
        .. Of("about messages", "plain"),
        .. Of("help", "plain", "found", "nothing found"),
        .. Of("account", "plain", "errors", "saved", "keys"),
        .. Of("password", "plain", "errors"),
        .. Of("set password", "plain", "errors", "dead link", "done"),
        .. Of("patients", "first visit", "recently messaged", "while typing", "not on the list", "results", "one result", "none", "none with this date of birth", "too many", "similar names", "no longer kept", "invalid number", "invalid date", "test patient without mobile"),
        .. Of("patient", "plain", "conversations", "note", "errors", "no number"),
        .. Of("message", "plain", "with a note", "not on the list", "preview", "preview in Unicode", "ordinary characters offered", "made ordinary", "empty", "too long", "obstacle", "test patient without mobile",
            "just messaged", "neutral", "neutral without a reply", "templates open", "from a template", "template gone", "warned while typing", "check first", "seems to ask", "template found", "begun earlier", "undone", "wrong number", "another number", "no number"),
        .. Of("templates", "none of my own", "saved", "of a colleague", "too many", "patients found"),
        .. Of("template", "new", "errors", "preview", "ordinary characters offered", "made ordinary", "for the practice", "delete", "changed meanwhile", "deleted meanwhile"),
        .. Of("stale form", "message", "other", "from another site", "no cookies"),
        .. Of("conversations", "none", "all kinds", "no answers", "nothing more to do", "desk", "in place", "more than a page", "second page", "one filter", "nothing found", "invalid number", "emails delayed"),
        .. Of("conversation", "queued", "can be undone", "undone", "saved to the record", "waiting", "one-way", "neutral", "new link asked for", "replied with files", "replied with text alone", "not delivered", "unknown",
            "locked", "unlocked", "sent again", "cancelled", "expired", "action refused", "number refused", "done", "next", "asked again", "earlier messages", "damaged file", "not emailed",
            "files wait", "file infected", "file to be scanned", "infected file"),
        .. Of("picture", "large"),
        .. Of("reply to print", "with pictures"),
        .. Of("not found", "signed in", "signed out"),
        .. Of("conversation of a colleague", "theirs"),
        .. Of("failure", "500", "500 instead of a part", "503", "503 with words", "too long", "damaged"),
        .. Of("from another site", "code"),
        .. Of("demo phone", "empty", "messages"),
        .. Of("date of birth", "plain", "impossible date", "wrong", "computer", "practice hidden", "neutral"),
        .. Of("link asked for", "plain"),
        .. Of("link", "unknown", "used", "expired", "locked", "cancelled", "replaced", "cancelled while writing"),
        .. Of("reply", "plain", "nothing written", "for somebody unnamed", "too long", "files refused", "stale", "five files", "a sixth file", "file waits", "virus",
            "photo added", "refused on the phone", "adding", "no signal", "file not added", "file failed", "not saved any more", "delete"),
        .. Of("session over", "opened", "with text"),
        .. Of("no cookies", "plain", "neutral"),
        .. Of("not saved", "outage", "too large"),
        .. Of("sent", "plain", "files wait"),
        .. Of("in Welsh", "home", "link", "date of birth", "reply", "sent"),
        .. Of("right to left", "home", "link", "date of birth", "reply", "sent"),
    ];

    private static IEnumerable<string> Of(string page, params string[] states) => states.Select(state => $"{page}: {state}");

    private static readonly ConcurrentDictionary<string, bool> Visited = [];
    private static readonly ConcurrentDictionary<string, bool> TestsRun = [];

    private static readonly ConcurrentDictionary<string, bool> Shown = [];

    /// <param name="page">The slice that the page was made of; null if it was none.</param>
    internal static void Visit(string state, string? page)
    {
        Visited[state] = true;
        if (page is not null)
            Shown[page] = true;
    }

    internal static void Ran(string testClass, string method) => TestsRun[$"{testClass}.{method}"] = true;

    /// <summary>Whether no browser test was left out, so that an unvisited state means something.</summary>
    internal static bool AllTestsRan() => AllTests().All(TestsRun.ContainsKey);

    internal static IReadOnlyList<string> Problems() =>
    [
        .. Problems(States, Visited.Keys),
        .. BrowserApp.PageNames.All.Except(Shown.Keys).Select(page => $"in no state that a test visits: {page}"),
    ];

    internal static IReadOnlyList<string> Problems(IEnumerable<string> listed, IEnumerable<string> visited) =>
    [
        .. listed.Except(visited).Select(state => $"listed, but no test visits it: {state}"),
        .. visited.Except(listed).Select(state => $"visited, but not listed: {state}"),
    ];

    private static IEnumerable<string> AllTests() =>
        from type in typeof(BrowserTest).Assembly.GetTypes()
        where type.IsSubclassOf(typeof(BrowserTest)) && !type.IsAbstract
        from method in type.GetMethods()
        where method.GetCustomAttributes<FactAttribute>(inherit: true).Any(fact => fact.Skip is null)
        select $"{type.FullName}.{method.Name}";
}
