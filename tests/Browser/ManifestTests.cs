using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(PatientResponse.Tests.Browser.ManifestLast))]

namespace PatientResponse.Tests.Browser;

/// <summary>Looks back at all browser tests, so it must run when they are over: collections that do not run in parallel come last.</summary>
[CollectionDefinition(nameof(ManifestTests), DisableParallelization = true)]
[Collection(nameof(ManifestTests))]
public sealed class ManifestTests
{
    [Fact]
    public void Every_listed_page_and_state_was_visited_and_no_other()
    {
        Chromium.Require();
        Assert.SkipUnless(Manifest.AllTestsRan(), "Only some of the browser tests ran.");

        var problems = Manifest.Problems();

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    [Fact]
    public async Task Every_visited_page_is_valid_HTML()
    {
        var mistakes = await ValidHtml.MistakesAsync(ValidHtml.Pages);

        Assert.True(mistakes.Count == 0, string.Join('\n', mistakes));
    }
}

/// <summary>Puts <see cref="ManifestTests"/> after every other collection, also those that do not run in parallel.</summary>
public sealed class ManifestLast : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => collection.TestCollectionDisplayName == nameof(ManifestTests))];
}
