using System.Globalization;
using System.Text.RegularExpressions;

namespace PatientResponse.Tests;

/// <summary>What docs/security.md and docs/asvs.md promise can be looked up and run.</summary>
public partial class SecurityDocsTests
{
    public static TheoryData<string> Documents => ["SECURITY.md", "docs/security.md", "docs/asvs.md"];

    [Theory, MemberData(nameof(Documents))]
    public void Every_test_that_a_document_names_exists(string document)
    {
        var named = Named(Read(document));

        Assert.DoesNotContain(named, name => !Exists(name));
        Assert.Equal(document != "SECURITY.md", named.Count > 50);
    }

    [Theory]
    [InlineData("`SecurityDocsTests.Every_test_that_a_document_names_exists`", true)]
    [InlineData("`SecurityDocsTests.A_sentence_that_nobody_wrote`", false)]
    [InlineData("`NobodysTests.Every_test_that_a_document_names_exists`", false)]
    [InlineData("`NobodysTests`", false)]
    // A method, and no test.
    [InlineData("`SecurityDocsTests.Read`", false)]
    public void A_name_that_does_not_exist_is_noticed(string text, bool exists) => Assert.Equal(exists, Named(text).All(Exists) && Named(text).Count == 1);

    [Theory, MemberData(nameof(Documents))]
    public void Every_link_of_a_document_leads_somewhere(string document)
    {
        foreach (Match link in Links().Matches(Read(document)))
        {
            var (path, anchor) = (link.Groups[1].Value, link.Groups[2].Value);
            var file = path == "" ? document : Path.Combine(Path.GetDirectoryName(document)!, path);
            Assert.True(File.Exists(Path.Combine(Repository.Root, file)), $"{link.Value}: there is no such file.");
            if (anchor != "")
                Assert.Contains(anchor, Headings().Matches(Read(file)).Select(heading => Anchor(heading.Groups[1].Value)));
        }
    }

    [Fact]
    public void The_requirements_are_in_their_order_and_none_is_told_twice()
    {
        var rows = Rows().Matches(Read("docs/asvs.md")).Select(row => (First: Number(row.Groups[1].Value), row.Value)).ToList();

        Assert.True(rows.Count > 100);
        Assert.Equal(rows.Select(row => row.First).Order(), rows.Select(row => row.First));
        Assert.Equal(rows.Count, rows.Select(row => row.First).Distinct().Count());
    }

    private static IReadOnlyList<string> Named(string text) => [.. Tests().Matches(text).Select(name => name.Groups[1].Value)];

    /// <summary>As <c>Class.Method</c>, or a class alone.</summary>
    private static bool Exists(string name) => typeof(SecurityDocsTests).Assembly.GetTypes().Any(type => type.IsClass && name.Split('.') is [var own, .. var method] && type.Name == own
        && (method is [] || type.GetMethods().Any(test => test.Name == method[0] && test.GetCustomAttributes(typeof(FactAttribute), inherit: true).Length > 0)));

    private static string Read(string document) => File.ReadAllText(Path.Combine(Repository.Root, document));

    /// <summary>As a heading is linked to.</summary>
    private static string Anchor(string heading) => Signs().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    private static int Number(string requirement) => requirement.Split('.').Aggregate(0, (number, part) => (number * 100) + int.Parse(part, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"`(\w+Tests(?:\.\w+)?)`")]
    private static partial Regex Tests();

    [GeneratedRegex(@"\]\((?!https?:)([^)#]*)#?([^)]*)\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"(?m)^#+ (.+?)\r?$")]
    private static partial Regex Headings();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Signs();

    [GeneratedRegex(@"(?m)^\| V(\d+\.\d+\.\d+)")]
    private static partial Regex Rows();
}
