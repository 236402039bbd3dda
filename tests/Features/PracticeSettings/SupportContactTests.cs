using AngleSharp.Html.Dom;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.PracticeSettings;

/// <summary>Whom staff ask, on every page that they see.</summary>
public class SupportContactTests
{
    [Fact]
    public async Task It_is_on_every_staff_page_and_on_none_of_a_patient()
    {
        await using var app = new TestApp();
        Assert.Equal(0, (await app.CommandAsync("practice", "set", "demo", "--support", "Sam <b>in</b> the office, extension 201")).Exit);
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);

        foreach (var address in (string[])["/conversations", $"/conversations/{id:N}", "/patients", Scenario.TestPatient, "/templates", "/templates/new", "/account", "/account/password", "/practice", "/help", "/not-there"])
            Assert.Equal("Sam <b>in</b> the office, extension 201", (await alice.GetAsync(address)).Html.QuerySelector(".app-support strong")?.TextContent);
        Assert.DoesNotContain("extension 201", (await app.NewBrowser().GetAsync(app.NewestLink())).Source, StringComparison.Ordinal);
        Assert.DoesNotContain("extension 201", (await app.NewBrowser().GetAsync("/sign-in")).Source, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manager_changes_it_on_record_and_without_one_nothing_is_shown()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/practice");

        Assert.Contains("The support contact has at most 100 characters", (await alice.SubmitAsync("main form", ("support", new string('a', 101)))).Text, StringComparison.Ordinal);
        await alice.SubmitAsync("main form", ("support", "  Robin, extension 7 "));
        Assert.Equal("Robin, extension 7", ((IHtmlInputElement)(await alice.GetAsync("/practice")).Html.QuerySelector("#support")!).Value);
        Assert.Contains(await app.AuditedAsync("set practice"), detail => detail.Contains("support contact: ", StringComparison.Ordinal) && detail.Contains("-> \"Robin, extension 7\"", StringComparison.Ordinal));

        await alice.SubmitAsync("main form", ("support", ""));
        Assert.Null((await alice.GetAsync("/templates")).Html.QuerySelector(".app-support"));
    }
}
