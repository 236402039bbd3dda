using System.Net;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Security;

public class DataProtectionKeysTests
{
    [Fact]
    public async Task Of_two_copies_that_need_a_key_at_once_one_makes_it_and_both_have_it()
    {
        await using var app = new TestApp();
        var (one, two) = (Keys(app), Keys(app));
        Assert.Equal(one.GetAllElements().Count, two.GetAllElements().Count);

        one.StoreElement(new XElement("one"), "one");
        two.StoreElement(new XElement("two"), "two");

        Assert.Equal("one", one.GetAllElements().Last().Name.LocalName);
        Assert.Equal(one.GetAllElements().Select(key => key.ToString()), two.GetAllElements().Select(key => key.ToString()));

        two.StoreElement(new XElement("two"), "two");
        Assert.Equal(["one", "two"], one.GetAllElements().TakeLast(2).Select(key => key.Name.LocalName));
    }

    [Fact]
    public async Task Keys_are_stored_sealed()
    {
        await using var app = new TestApp();
        await app.AliceSignsInAsync();

        var key = Keys(app).GetAllElements().Single(element => element.Name == "key").ToString(SaveOptions.DisableFormatting);

        Assert.Contains("masterKey", key, StringComparison.Ordinal);
        var stored = await StoredBytes.OfAsync(app.Services.GetRequiredService<IDatabase>());
        Assert.True(stored.Holds("demo"));
        Assert.False(stored.Holds("masterKey"));
    }

    [Fact]
    public async Task Alice_signs_in_on_one_copy_and_is_known_on_the_other_that_started_at_the_same_moment()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var folder = new TwoCopies(started);
        await Task.WhenAll(Task.Run(() => folder.One.Services), Task.Run(() => folder.Two.Services));

        var alice = await folder.One.AliceSignsInAsync();
        var elsewhere = new TestBrowser(alice.Cookies, folder.Two.Server.CreateHandler());
        await elsewhere.GetAsync("/conversations");

        Assert.Equal((HttpStatusCode.OK, "/conversations"), (elsewhere.Page.Status, elsewhere.Page.Address.AbsolutePath));
        await elsewhere.GetAsync(Scenario.TestPatient);
        alice = new TestBrowser(alice.Cookies, folder.One.Server.CreateHandler());
        var sent = elsewhere.Submission("#compose", ("text", "How are you?"), ("allowResponse", "true"));
        Assert.StartsWith("/conversations/", (await alice.OpenAsync(sent)).Address.AbsolutePath, StringComparison.Ordinal);
    }

    private static DataProtectionKeys Keys(TestApp app) => new(app.Services.GetRequiredService<IServiceScopeFactory>());

    /// <summary>Two copies that nobody has started before, on one database and one folder.</summary>
    private sealed class TwoCopies(TestDatabase database) : IAsyncDisposable
    {
        private readonly Installation _installation = new(
            Directory.CreateDirectory(Path.Combine(Directory.CreateTempSubdirectory("patient-response-").FullName, "data")).FullName, database.ConnectionString);
        private TestApp? _one, _two;

        public TestApp One => _one ??= new(_installation);
        public TestApp Two => _two ??= new(_installation);

        public async ValueTask DisposeAsync()
        {
            foreach (var copy in (TestApp?[])[_one, _two])
                if (copy is not null)
                    await copy.DisposeAsync();
            Directory.Delete(Path.GetDirectoryName(_installation.Folder)!, recursive: true);
        }
    }
}
