using System.Collections.Concurrent;
using System.Reflection;

namespace PatientResponse.Tests.Browser;

/// <summary>Every page in every state. The browser tests must visit each of them, and none besides.</summary>
public static class Manifest
{
    /// <summary>"page: state", in the words of <see cref="PageChecks.ShouldBeAccessible"/>.</summary>
    public static readonly string[] States =
    [
    ];

    private static readonly ConcurrentDictionary<string, bool> Visited = [];
    private static readonly ConcurrentDictionary<string, bool> TestsRun = [];

    internal static void Visit(string state) => Visited[state] = true;

    internal static void Ran(string testClass, string method) => TestsRun[$"{testClass}.{method}"] = true;

    /// <summary>Whether no browser test was left out, so that an unvisited state means something.</summary>
    internal static bool AllTestsRan() => AllTests().All(TestsRun.ContainsKey);

    internal static IReadOnlyList<string> Problems() => Problems(States, Visited.Keys);

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
