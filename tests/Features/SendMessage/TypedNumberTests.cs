using System.Net;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.SendMessage;

/// <summary>A number that Alice types, for one conversation.</summary>
public sealed class TypedNumberTests : IAsyncDisposable
{
    private readonly TestApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("none", "There is no mobile number on record.")]
    [InlineData("landline", "The number on record cannot be texted.")]
    public async Task A_patient_without_a_usable_number_is_messaged_at_one_that_Alice_types(string kind, string why)
    {
        var (alice, address) = (await _app.AliceSignsInAsync(), await AddressAsync(kind));
        var page = await alice.GetAsync(address);
        Assert.Contains(why, page.Text);
        Assert.True(page.Html.QuerySelector("#another-number")!.HasAttribute("open"));

        foreach (var (typed, problem) in ((string, string)[])[("", "Enter a mobile number"), ("07700 90012", "digits"), ("01632 960001", "landline")])
        {
            page = await alice.SubmitAsync("#compose", ("text", "Please come in."), ("mobile", typed));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
            Assert.Contains(problem, page.Html.QuerySelector("#mobile-error")!.TextContent, StringComparison.Ordinal);
            Assert.Equal((typed, "Please come in."), (page.Html.QuerySelector("#mobile")!.GetAttribute("value") ?? "", page.Html.QuerySelector("#text")!.TextContent.TrimStart('\n')));
        }
        page = await alice.SubmitAsync("#compose", ("mobile", "+44 7700 900456"));

        Assert.StartsWith("Message to", page.Heading, StringComparison.Ordinal);
        Assert.Contains("to 07700 900456, a number that was typed for this conversation only", page.Text);
        Assert.Contains("You typed a mobile number for this conversation that ends in 456", page.Text);
        Assert.Equal(("+447700900456", true), ((await _app.ConversationAsync(IdOf(page))).Mobile, (await _app.ConversationAsync(IdOf(page))).IsToAnother));
        Assert.Contains("Another number", (await alice.GetAsync("/conversations")).Html.QuerySelector(".app-conversations__item")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_message_offers_it_to_her_who_may_see_where_it_came_from_and_to_nobody_else()
    {
        var (alice, address) = (await _app.AliceSignsInAsync(), await AddressAsync("none"));
        await alice.GetAsync(address);
        var sent = IdOf(await alice.SubmitAsync("#compose", ("text", "Please come in."), ("mobile", "07700 900456")));

        var page = await alice.GetAsync(address);
        Assert.Contains("You typed 07700 900456 for an earlier conversation with this patient on 2 March 2026, 9:30am.", page.Text);
        Assert.Equal($"/conversations/{sent:N}", page.Html.QuerySelector(".app-begun a")!.GetAttribute("href"));
        Assert.Equal("", page.Html.QuerySelector("#mobile")!.GetAttribute("value") ?? "");
        page = await alice.SubmitAsync("#compose", ("text", "Half a thought"), ("number", "+447700900456"));
        Assert.Equal(("07700 900456", "Half a thought"), (page.Html.QuerySelector("#mobile")!.GetAttribute("value"), page.Html.QuerySelector("#text")!.TextContent.TrimStart('\n')));
        Assert.Contains("to 07700 900456, for this conversation only", page.Text);

        var bob = await _app.BobSignsInAsync();
        Assert.DoesNotContain("900456", (await bob.GetAsync(address)).Source);
        Assert.Empty(bob.Page.Html.QuerySelectorAll("[name=number]"));
    }

    [Fact]
    public async Task A_patient_with_a_wrong_number_is_messaged_at_another_and_their_own_stays_for_the_next()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(await AddressAsync("mobile"));
        var address = alice.Page.Address.AbsolutePath;
        Assert.False(alice.Page.Html.QuerySelector("#another-number")!.HasAttribute("open"));
        var first = await _app.ConversationAsync(IdOf(await alice.SubmitAsync("#compose", ("text", "Please come in."), ("mobile", "07700 900456"))));
        await alice.GetAsync(address);
        var second = await _app.ConversationAsync(IdOf(await alice.SubmitAsync("#compose", ("text", "Please come in soon."))));

        Assert.Equal(("+447700900456", false), (first.Mobile, second.IsToAnother));
        Assert.Equal(second.Mobile, first.Patient.Mobile);
    }

    [Fact]
    public async Task The_same_words_from_the_same_page_to_another_number_are_another_message()
    {
        var alice = await _app.AliceSignsInAsync();
        await alice.GetAsync(await AddressAsync("mobile"));
        var (wrong, again, right) = (Request("07700 900456"), Request("07700 900456"), Request(""));
        var first = IdOf(await alice.OpenAsync(wrong));
        Assert.Equal(first, IdOf(await alice.OpenAsync(again)));

        var page = await alice.OpenAsync(right);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains("You have sent a message from this page already, and then changed it.", page.Text);
        Assert.Equal("+447700900456", (await _app.ConversationAsync(first)).Mobile);

        HttpRequestMessage Request(string mobile) => alice.Submission("#compose", ("text", "Please come in."), ("mobile", mobile));
    }

    [Theory]
    [InlineData("deceased", "This patient has died")]
    [InlineData("restricted", "This is a sensitive record")]
    public async Task A_typed_number_is_no_way_around_what_forbids_a_message(string kind, string why)
    {
        var (alice, address) = (await _app.AliceSignsInAsync(), await AddressAsync(kind));
        await alice.GetAsync(Scenario.TestPatient);
        var forged = alice.Submission("#compose", ("text", "Hello"), ("mobile", "07700 900456"));
        forged.RequestUri = new(forged.RequestUri!, address);

        Assert.Contains(why, (await alice.OpenAsync(forged)).Text);
        Assert.Null(alice.Page.Html.QuerySelector("#compose"));
    }

    private async Task<string> AddressAsync(string kind)
    {
        var record = SamplePatients.Read().First(p => kind switch
        {
            "deceased" => p.Deceased,
            "restricted" => p.Restricted,
            "none" => p is { Mobile: null or "", Restricted: false, Deceased: false },
            "landline" => p.Mobile?.StartsWith("020", StringComparison.Ordinal) == true,
            _ => p is { Restricted: false, Deceased: false } && p.Mobile?.StartsWith("07", StringComparison.Ordinal) == true,
        });
        var alice = await _app.WithAsync<IDocumentSession, Clinician>(async session => (await session.FindAsync<Clinician>(Clinician.LookupOf(Scenario.AlicesEmail)))!);
        var found = await _app.WithAsync<IPatientDirectory, PatientsFound>(patients =>
            patients.SearchAsync(PatientQuery.Parse(record.NhsNumber.ToString(), ""), alice, CancellationToken.None)!);
        return $"/patients/{found.Single().Id}/message";
    }

    private static Guid IdOf(TestPage page) => Guid.Parse(page.Address.Segments[^1]);
}
