using System.Text.RegularExpressions;
using System.Xml.Linq;
using PatientResponse.Infrastructure.Languages;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Tests.Infrastructure.Web.Languages;

public partial class PatientWordsTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "src/Infrastructure/Languages");
    private static readonly Dictionary<string, string> English = Read("PatientWords.resx");

    public static TheoryData<string> Translations { get; } =
        [.. Language.All.Where(language => language != Language.English && language != Language.Pseudo).Select(language => language.Tag)];

    [Theory, MemberData(nameof(Translations))]
    public void Every_sentence_is_there_in_every_language_with_the_same_values_and_the_same_markup(string tag)
    {
        var words = Read($"PatientWords.{tag}.resx");
        Assert.Equal(English.Keys.Order(), words.Keys.Order());
        Assert.All(English.Keys.Where(key => key != "page.unreviewed"), key =>
        {
            Assert.NotEqual("", words[key]);
            Assert.True(Kept(English[key]).SetEquals(Kept(words[key])), $"{key}: {words[key]}");
            Assert.Equal(English[key].Count(sign => sign == ',') is 6 or 11, words[key].Count(sign => sign == ',') is 6 or 11);
        });
    }

    [Fact]
    public void Pages_say_nothing_that_is_not_there_and_nothing_there_goes_unsaid()
    {
        var said = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".cshtml", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal))
            .SelectMany(file => Key().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).Where(English.ContainsKey).ToHashSet();
        Assert.Equal(English.Keys.Order(), said.Order());
        Assert.All(Used(), key => Assert.Contains(key, English.Keys));
    }

    [Fact]
    public void Values_are_text_in_a_sentence_with_markup_too() =>
        Assert.Equal("You can answer until <strong>&lt;b&gt;noon&lt;/b&gt;</strong>.", Words.Markup("dob.until", "<b>noon</b>").Value);

    [Fact]
    public void Dates_read_as_staff_read_them()
    {
        for (var instant = new DateTimeOffset(2026, 1, 1, 0, 30, 0, TimeSpan.Zero); instant.Year < 2027; instant += TimeSpan.FromHours(35.5))
            Assert.Equal(UkTime.Format(instant), PatientTime.Format(instant));
    }

    [Fact]
    public void The_pseudo_language_changes_words_and_keeps_markup_and_values() =>
        Assert.Equal("Öř~ <a href=\"/\">{0}</a>, ťý", PseudoWords.Of("Or <a href=\"/\">{0}</a>, ťy"));

    private static HashSet<string> Kept(string words) => [.. Markup().Matches(words).Select(match => match.Value)];

    /// <summary>Said by name where it is read, in any file.</summary>
    private static IEnumerable<string> Used() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cshtml", SearchOption.AllDirectories)
            .SelectMany(file => Call().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value));

    private static Dictionary<string, string> Read(string name) =>
        XDocument.Load(Path.Combine(Folder, name)).Root!.Elements("data").ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    [GeneratedRegex("\"([a-z-]+\\.[a-z0-9-]+)\"")]
    private static partial Regex Key();

    [GeneratedRegex("(?:Say|Markup)\\(\"([^\"]+)\"")]
    private static partial Regex Call();

    [GeneratedRegex(@"<[^>]*>|\{\d\}")]
    private static partial Regex Markup();
}
