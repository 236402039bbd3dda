using System.Net;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.Account;

public class AccountTests
{
    [Fact]
    public async Task What_Alice_changes_of_her_account_is_on_record_by_its_name_only()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/account");
        await alice.SubmitAsync("main form", ("name", "Dr Alice Changed"), ("signOff", "The team"));
        await alice.GetAsync("/account");
        await alice.SubmitAsync("main form", ("mobile", ""));
        await alice.GetAsync("/account");
        await alice.SubmitAsync("main form");
        Assert.Equal(["name, sign-off", "test mobile"], await app.AuditedAsync("changed account"));

        await alice.GetAsync("/account/password");
        await alice.SubmitAsync("main form", ("current", "not the password"), ("password", "another-password-1"), ("again", "another-password-1"));
        Assert.Empty(await app.AuditedAsync("changed password"));
        await alice.SubmitAsync("main form", ("current", Scenario.Password), ("password", "another-password-1"), ("again", "another-password-1"));
        Assert.Single(await app.AuditedAsync("changed password"));
    }

    [Fact]
    public async Task A_clinician_changes_name_and_test_mobile()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/account");
        Assert.Equal("07700 900001", alice.Page.Html.QuerySelector("#mobile")!.GetAttribute("value"));
        var page = await alice.SubmitAsync("main form", ("name", " Dr Zoë O’Neil "), ("mobile", "+44 7700 900 123"));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Your details are saved", page.Text, StringComparison.Ordinal);
        Assert.Equal("Dr Zoë O’Neil", page.Html.QuerySelector("#name")!.GetAttribute("value"));
        Assert.Equal("+447700900123", (await AliceAsync(app)).TestMobile);
    }

    [Fact]
    public async Task The_test_mobile_may_be_empty_and_the_test_patient_then_has_none()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/account");
        await alice.SubmitAsync("main form", ("mobile", " "));
        var clinician = await AliceAsync(app);
        Assert.Null(clinician.TestMobile);
        var test = await app.WithAsync<IPatientDirectory, Patient?>(patients => patients.FindAsync(WithTestPatient.TestPatientId, clinician, CancellationToken.None));
        Assert.Null(test!.Mobile);
    }

    [Fact]
    public async Task Mistakes_are_named_beside_their_fields_and_nothing_typed_is_lost()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/account");
        var page = await alice.SubmitAsync("main form", ("name", ""), ("mobile", "01632 960001"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.StartsWith("Error: ", page.Title, StringComparison.Ordinal);
        Assert.Contains("Enter a name", page.Html.QuerySelector("#name-error")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("landline", page.Html.QuerySelector("#mobile-error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("01632 960001", page.Html.QuerySelector("#mobile")!.GetAttribute("value"));
        Assert.Equal("+447700900001", (await AliceAsync(app)).TestMobile);
    }

    [Fact]
    public async Task Alices_own_sign_off_ends_her_messages_and_without_one_the_practices_does()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        Assert.EndsWith("\n\nDemo Surgery", await SentAsync(), StringComparison.Ordinal);
        await alice.GetAsync("/account");
        await alice.SubmitAsync("main form", ("signOff", " Dr Dana, Demo Surgery "));
        Assert.EndsWith("\n\nDr Dana, Demo Surgery", await SentAsync(), StringComparison.Ordinal);
        Assert.Contains("Dr Dana, Demo Surgery", (await alice.GetAsync(Scenario.TestPatient)).Source, StringComparison.Ordinal);
        await alice.GetAsync("/account");
        var page = await alice.SubmitAsync("main form", ("signOff", new string('s', 61)));
        Assert.Contains("at most 60", page.Html.QuerySelector("#signOff-error")!.TextContent, StringComparison.Ordinal);
        await alice.SubmitAsync("main form", ("signOff", ""));
        Assert.EndsWith("\n\nDemo Surgery", await SentAsync(), StringComparison.Ordinal);

        async Task<string> SentAsync()
        {
            await alice.GetAsync(Scenario.TestPatient);
            await alice.SubmitAsync("#compose", ("text", "Your results are normal"));
            await app.DoQueuedWorkAsync();
            return app.SentTexts[0].Text;
        }
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    public void A_name_is_one_line(string name) => Assert.NotNull(ClinicianName.Problem(name));

    [Fact]
    public void A_name_has_a_longest_length()
    {
        Assert.Null(ClinicianName.Problem(new string('n', 100)));
        Assert.NotNull(ClinicianName.Problem(new string('n', 101)));
    }

    private static Task<Clinician> AliceAsync(TestApp app) => app.WithAsync<IDocumentSession, Clinician>(async documents =>
        (await documents.FindAsync<Clinician>(Clinician.LookupOf(Scenario.AlicesEmail)))!);
}
