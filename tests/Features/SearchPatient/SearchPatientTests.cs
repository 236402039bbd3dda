using System.Net;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.SearchPatient;

/// <summary>Alice looks for patients of the demo practice, in a browser without JavaScript.</summary>
public class SearchPatientTests
{
    [Fact]
    public async Task Alice_is_shown_how_to_search_and_offered_the_test_patient()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();

        var page = await alice.GetAsync("/patients");

        Assert.Equal("Find a patient", page.Heading);
        Assert.True(page.Html.QuerySelector("#q")!.HasAttribute("autofocus"));
        Assert.Equal("/patients/test/message", page.Html.QuerySelector("main p a")!.GetAttribute("href"));
        page = await alice.SubmitAsync("main form", ("q", "999 000 0018"));
        Assert.Contains("1 patient found", page.Text, StringComparison.Ordinal);
        Assert.Contains("Test Patient Test", Row(page, "999 000 0018"), StringComparison.Ordinal);
        Assert.Equal("/patients/test/message", MessageLink(page, "999 000 0018"));
    }

    [Fact]
    public async Task Whoever_is_not_signed_in_searches_nothing()
    {
        await using var app = new TestApp();

        var response = await app.NewBrowser().SendAsync(new(HttpMethod.Get, "http://localhost/patients?q=Smith"));

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Contains("/sign-in?returnUrl=%2Fpatients", response.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Smith", response.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alice_finds_a_patient_by_NHS_number_and_goes_on_to_message_them()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/patients");

        var page = await alice.SubmitAsync("main form", ("q", "999-209-1452"));

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Đức Trần", Row(page, "999 209 1452"), StringComparison.Ordinal);
        Assert.Contains("16 August 1958", Row(page, "999 209 1452"), StringComparison.Ordinal);
        Assert.Contains("Đức Trần", (await alice.GetAsync(MessageLink(page, "999 209 1452")!)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alice_finds_a_patient_by_name_and_date_of_birth_and_what_she_typed_stays()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/patients");

        var page = await alice.SubmitAsync("main form", ("q", "susan SMITH"), ("dob", "2007-05-31"));

        Assert.Contains("1 patient found", page.Text, StringComparison.Ordinal);
        Assert.Contains("Susan Smith", Row(page, "999 872 0850"), StringComparison.Ordinal);
        Assert.Equal(("susan SMITH", "2007-05-31"), (Value(page, "q"), Value(page, "dob")));
        Assert.False(page.Html.QuerySelector("#q")!.HasAttribute("autofocus"));
    }

    [Theory]
    [InlineData("q=9990000026", "No patient found", "NHS number 999 000 0026")]
    [InlineData("q=Nobody", "No patient found", "Check the spelling")]
    [InlineData("q=Smith&dob=1900-01-31", "No patient found", "born on 31 January 1900")]
    [InlineData("q=9990000018&dob=1981-01-01", "No patient found", "was not born on 1 January 1981")]
    public async Task Alice_is_told_what_to_do_when_nobody_matches(string query, string heading, string advice)
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();

        var page = await alice.GetAsync("/patients?" + query);

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal(heading, page.Html.QuerySelector("h2")!.TextContent);
        Assert.Contains(advice, page.Text, StringComparison.Ordinal);
        Assert.Empty(page.Html.QuerySelectorAll("table"));
    }

    [Fact]
    public async Task Alice_can_repeat_a_search_without_the_date_of_birth()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var page = await alice.GetAsync("/patients?q=Susan+Smith&dob=1900-01-31");

        Assert.Equal("Search without the date of birth", page.Html.QuerySelector("#results form button")!.TextContent);
        page = await alice.SubmitAsync("#results form");

        Assert.Contains("Susan Smith", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("q=999+000+001&dob=", "q", "You typed 9.")]
    [InlineData("q=999+000+0081&dob=", "q", "not a valid NHS number")]
    [InlineData("q=999+000+001B&dob=", "q", "You typed a letter.")]
    [InlineData("q=1980&dob=", "q", "Add a name to the year of birth")]
    [InlineData("q=Smith&dob=1980-02-31", "dob", "real date")]
    public async Task Alice_is_told_of_her_mistake_beside_the_box_and_above(string query, string field, string message)
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();

        var page = await alice.GetAsync("/patients?" + query);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.StartsWith("Error: ", page.Title, StringComparison.Ordinal);
        Assert.Contains(message, page.Html.QuerySelector($".nhsuk-error-summary a[href='#{field}']")!.TextContent, StringComparison.Ordinal);
        var described = page.Html.GetElementById(field)!.GetAttribute("aria-describedby")!;
        Assert.Contains(message, page.Html.GetElementById(described)!.TextContent, StringComparison.Ordinal);
        Assert.Equal(query, $"q={Value(page, "q").Replace(' ', '+')}&dob={Value(page, "dob")}");
    }

    [Theory]
    [InlineData("9991200207", "There is no mobile number on record.", true)]
    [InlineData("9998842395", "This is a landline number.", true)]
    [InlineData("9999190782", "This patient has died.", false)]
    [InlineData("9994164848", "This is a sensitive record.", false)]
    public async Task Alice_sees_why_a_patient_cannot_be_messaged_or_only_at_a_number_that_she_types(string number, string reason, bool anotherNumber)
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();

        var page = await alice.GetAsync("/patients?q=" + number);

        var shown = NhsNumber.Parse(number).ToString();
        Assert.Contains(reason, Row(page, shown), StringComparison.Ordinal);
        Assert.Equal(anotherNumber, MessageLink(page, shown) is not null);
    }

    [Fact]
    public async Task Alice_without_a_test_mobile_is_sent_to_her_account_to_set_one()
    {
        await using var app = new TestApp();
        await ChangeAsync(app, Scenario.AlicesEmail, clinician => clinician.TestMobile = null);
        var alice = await app.AliceSignsInAsync();

        var page = await alice.GetAsync("/patients?q=Test+Patient");

        Assert.Contains("Set the mobile number that you use for the test patient.", Row(page, "999 000 0018"), StringComparison.Ordinal);
        Assert.Equal("/account", MessageLink(page, "999 000 0018"));
    }

    [Fact]
    public async Task Carol_of_another_practice_finds_none_of_Alices_patients()
    {
        await using var app = new TestApp();
        var carol = await CarolSignsInAsync(app);
        var alice = await app.AliceSignsInAsync();
        Assert.Contains("Đức Trần", (await alice.GetAsync("/patients?q=9992091452")).Text, StringComparison.Ordinal);

        Assert.Contains("No patient found", (await carol.GetAsync("/patients?q=9992091452")).Text, StringComparison.Ordinal);
        Assert.Contains("No patient found", (await carol.GetAsync("/patients?q=Tran")).Text, StringComparison.Ordinal);
        var address = MessageLink(await alice.GetAsync("/patients?q=9992091452"), "999 209 1452")!;
        Assert.Equal(HttpStatusCode.NotFound, (await carol.GetAsync(address)).Status);
    }

    [Fact]
    public async Task With_htmx_Alice_gets_the_form_and_the_list_and_hears_how_many_were_found()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();

        var page = await alice.GetAsync("/patients?q=Susan+Smith", ("HX-Request", "true"));

        Assert.DoesNotContain("<html", page.Source, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("1 patient found", page.Title, StringComparison.Ordinal);
        Assert.Equal("1 patient found", page.Html.QuerySelector("#search-status[hx-swap-oob]")!.TextContent);
        Assert.NotNull(MessageLink(page, "999 872 0850"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await alice.GetAsync("/patients?q=999", ("HX-Request", "true"))).Status);
    }

    [Fact]
    public async Task Whom_Alice_messaged_is_listed_before_she_types_once_and_not_for_Bob()
    {
        await using var app = new TestApp();
        await app.AliceAsksAsync();
        var alice = (await app.AliceAsksAsync("And today?")).Alice;

        var page = await alice.GetAsync("/patients");

        Assert.Equal("Recently messaged", page.Html.QuerySelector("#results h2")!.TextContent);
        var row = Assert.Single(page.Html.QuerySelectorAll("#results tbody tr")).TextContent;
        Assert.Contains("999 000 0018", row, StringComparison.Ordinal);
        Assert.Contains("1 January 1980", row, StringComparison.Ordinal);
        Assert.Contains("Messaged ", row, StringComparison.Ordinal);
        Assert.Empty((await (await app.BobSignsInAsync()).GetAsync("/patients")).Html.QuerySelectorAll("#results tbody tr"));
    }

    [Fact]
    public async Task While_Alice_types_she_gets_the_results_alone_and_an_unfinished_number_is_no_error()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        (string, string)[] live = [("HX-Request", "true"), ("HX-Target", "results")];

        var page = await alice.GetAsync("/patients?q=Susan+Smith&dob=", live);
        Assert.Null(page.Html.QuerySelector("form"));
        Assert.Equal("1 patient found", page.Html.QuerySelector("#search-status[hx-swap-oob]")!.TextContent);
        Assert.NotNull(MessageLink(page, "999 872 0850"));

        page = await alice.GetAsync("/patients?q=999&dob=", live);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal("An NHS number has 10 digits. You typed 3.", page.Html.QuerySelector(".nhsuk-hint")!.TextContent);
        Assert.Equal("", page.Html.QuerySelector("#search-status")!.TextContent);
        var asked = await app.AliceAsksAsync();
        Assert.Equal("Recently messaged", (await asked.Alice.GetAsync("/patients?q=&dob=", live)).Html.QuerySelector("h2")!.TextContent);
    }

    [Fact]
    public async Task From_the_header_the_only_patient_is_opened_and_the_search_is_on_record_once()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/templates");
        await alice.SubmitAsync("header [role=search] form", ("find", "999 872 0850"));
        Assert.Equal("Message patient", alice.Page.Heading);
        Assert.Contains("Susan Smith", alice.Page.Text, StringComparison.Ordinal);
        Assert.Equal(["by NHS number: 1 found"], await app.AuditedAsync("searched for patients"));

        await alice.SubmitAsync("header [role=search] form", ("find", "David Smith"));
        Assert.Equal("2 patients found", alice.Page.Html.QuerySelector("h2")!.TextContent);
        await alice.SubmitAsync("header [role=search] form", ("find", "999"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, alice.Page.Status);
        Assert.Contains("An NHS number has 10 digits. You typed 3.", alice.Page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Below_the_header_stand_eight_at_most_and_only_of_the_practice()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/templates");

        var page = await FindAsync(alice, "smith");
        Assert.Equal(8, page.Html.QuerySelectorAll("li a[href^='/patients/'][href$='/message']").Length);
        Assert.Contains("Press Enter to see them all.", page.Text, StringComparison.Ordinal);
        Assert.Equal("An NHS number has 10 digits. You typed 3.", (await FindAsync(alice, "999")).Text);
        Assert.Equal("No patient found.", (await FindAsync(alice, "Xylophone")).Text);
        Assert.Equal("", (await FindAsync(alice, " ")).Text);
        var carol = await CarolSignsInAsync(app);
        await carol.GetAsync("/templates");
        Assert.Equal("No patient found.", (await FindAsync(carol, "9992091452")).Text);

        static async Task<TestPage> FindAsync(TestBrowser browser, string q)
        {
            var request = browser.Submission("header [role=search] form", ("find", q));
            request.Headers.Add("HX-Request", "true");
            return await TestPage.ReadAsync(await browser.SendAsync(request), browser.Page.Address);
        }
    }

    [Fact]
    public async Task What_Alice_searched_for_is_in_no_address_and_opens_again_in_her_session_only()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/patients");

        var answer = await alice.SendAsync(alice.Submission("main form", ("q", "Susan Smith"), ("dob", "2007-05-31")));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var address = answer.Headers.Location!.ToString();
        Assert.Matches("^/patients[?]search=[0-9a-f]{32}$", address);
        foreach (var _ in (int[])[1, 2])
        {
            var page = await alice.GetAsync(address);
            Assert.Contains("Susan Smith", Row(page, "999 872 0850"), StringComparison.Ordinal);
            Assert.DoesNotContain(page.Html.QuerySelectorAll("[href], [action], [hx-get], [hx-post]"), element =>
                element.Attributes.Any(attribute => attribute.Name is "href" or "action" or "hx-get" or "hx-post" && attribute.Value.Contains("mith", StringComparison.Ordinal)));
        }

        var bob = await app.BobSignsInAsync();
        Assert.Contains("This search is no longer kept. Search again.", (await bob.GetAsync(address)).Text, StringComparison.Ordinal);
        app.Time.Advance(TimeSpan.FromMinutes(29));
        await alice.GetAsync(address);
        app.Time.Advance(TimeSpan.FromMinutes(29));
        Assert.Contains("Susan Smith", (await alice.GetAsync(address)).Text, StringComparison.Ordinal);
        app.Time.Advance(TimeSpan.FromMinutes(3));
        var over = await alice.GetAsync(address);
        Assert.Contains("This search is no longer kept. Search again.", over.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Susan", over.Source, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_signing_out_a_search_opens_for_nobody()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/patients");
        var address = (await alice.SubmitAsync("main form", ("q", "Susan Smith"))).Address.PathAndQuery;
        await alice.SubmitAsync("form[action='/sign-out']");
        await alice.GetAsync("/sign-in");
        await alice.SubmitAsync("main form", ("email", Scenario.AlicesEmail), ("password", Scenario.Password));
        var page = await alice.GetAsync(address);
        Assert.Contains("This search is no longer kept. Search again.", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Susan", page.Source, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_somebody_types_the_address_they_come_back_to_is_one_that_names_nobody()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/patients");

        var answer = await LiveAsync(alice, "Susan Smi");
        var address = Assert.Single(answer.Headers.GetValues("HX-Replace-Url"));
        Assert.Matches("^/patients[?]search=[0-9a-f]{32}$", address);
        Assert.Contains("Susan Smith", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("Susan Smith", (await alice.GetAsync(address)).Text, StringComparison.Ordinal);
        Assert.False((await LiveAsync(alice, "Xanthippe")).Headers.Contains("HX-Replace-Url"));
    }

    [Theory]
    [InlineData("jo", 50, "More than 50 patients found", "These are the first 50. Add a first name or a date of birth")]
    [InlineData("smith 1999", 1, "1 patient found", "Check the date of birth")]
    [InlineData("20/02/1967", 1, "1 patient found", "Check the date of birth")]
    [InlineData("20 Feb 1967 khan", 1, "1 patient found", "Check the date of birth")]
    public async Task Live_and_submitted_searches_find_the_same(string q, int count, string heading, string advice)
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/patients");
        var live = await (await LiveAsync(alice, q)).Content.ReadAsStringAsync();
        var page = await alice.SubmitAsync("main form", ("q", q));

        Assert.Equal(heading, page.Html.QuerySelector("h2")!.TextContent);
        Assert.Contains(advice, page.Text, StringComparison.Ordinal);
        Assert.Equal(count, page.Html.QuerySelector("table")!.QuerySelectorAll("tbody tr").Length);
        Assert.Contains(heading, live, StringComparison.Ordinal);
        Assert.Equal(count, new AngleSharp.Html.Parser.HtmlParser().ParseDocument(live).QuerySelector("table")!.QuerySelectorAll("tbody tr").Length);
    }

    [Fact]
    public async Task Similar_names_come_below_those_found_and_are_on_record()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/patients");

        var page = await alice.SubmitAsync("main form", ("q", "Mohamed Khan"));
        Assert.Equal(["No patient found", "Similar names"], page.Html.QuerySelectorAll("#results h2").Select(heading => heading.TextContent));
        Assert.Contains("Mohammed Khan", Row(page, "999 417 7109"), StringComparison.Ordinal);
        Assert.Contains("They are spelled differently: check the date of birth", page.Text, StringComparison.Ordinal);
        await alice.GetAsync("/patients");
        page = await alice.SubmitAsync("main form", ("q", "Davdi Smiht"));
        Assert.Contains("David Smith", Row(page, "999 912 1047"), StringComparison.Ordinal);
        Assert.All(await app.AuditedAsync("searched for patients"), entry => Assert.Matches("^by name: 0 found, [1-9] similar$", entry));
    }

    [Fact]
    public async Task Each_search_is_on_record_with_who_and_how_many_and_nothing_that_was_typed()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        foreach (var query in new[] { "", "?q=Susan+Smith", "?q=999", "?q=9992091452", "?q=jo", "?q=Smith&dob=2007-05-31" })
            await alice.GetAsync("/patients" + query);

        var entries = await app.Services.GetRequiredService<IDatabase>().QueryAsync<AuditEntry>(
            "select actor, action, subject, detail from audit where action = 'searched for patients' order by id", null, CancellationToken.None);

        Assert.Equal(
            ["by name: 1 found", "by NHS number: 1 found", "by name: more than 50 found", "by name and date of birth: 1 found"],
            entries.Select(entry => entry.Detail));
        var id = (await app.WithAsync<UserManager<Clinician>, Clinician?>(people => people.FindByNameAsync(Scenario.AlicesEmail)))!.Id;
        Assert.All(entries, entry => Assert.Equal((id, "demo"), (entry.Actor, entry.Subject)));
    }

    [Fact]
    public async Task While_somebody_types_only_what_showed_a_patient_is_on_record()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        foreach (var query in new[] { "jo", "Nobody+Such", "Susan+Smith" })
            await alice.GetAsync($"/patients?q={query}&dob=", ("HX-Request", "true"), ("HX-Target", "results"));
        Assert.Equal(["by name: more than 50 found", "by name: 1 found"], await app.AuditedAsync("searched for patients"));
    }

    [Fact]
    public async Task Database_and_files_hold_no_NHS_number_date_of_birth_or_phone_number_in_clear()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        await alice.GetAsync("/patients?q=9992091452");
        await alice.GetAsync("/patients?q=Xanthippe+Qwyjibo&dob=1958-08-16");

        var rows = await StoredBytes.OfAsync(app.Services.GetRequiredService<IDatabase>());
        var stored = Stored(app.DataFolder) + string.Concat(rows.Parts.Select(Encoding.Latin1.GetString));

        Assert.True(stored.Contains(" duc tran", StringComparison.Ordinal), "Names are searched in clear; if this one is not there, this test reads the wrong files.");
        Assert.DoesNotContain("qwyjibo", stored, StringComparison.OrdinalIgnoreCase);
        Assert.All(SamplePatients.Read(), patient =>
        {
            var mobile = (patient.Mobile ?? "-none-").Replace(" ", "", StringComparison.Ordinal);
            foreach (var secret in new[]
                { patient.NhsNumber.Value, patient.NhsNumber.ToString(), $"{patient.DateOfBirth:yyyy-MM-dd}", patient.Mobile ?? "-none-", mobile, mobile[1..] })
                Assert.False(stored.Contains(secret, StringComparison.Ordinal), secret);
        });
    }

    [Fact]
    public async Task Whatever_Alice_types_she_gets_a_clean_page_with_it_in_the_box()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var scripts = (await alice.GetAsync("/patients?q=Nobody")).Html.Scripts.Length;
        foreach (var text in NaughtyStrings.All)
        {
            var page = await alice.GetAsync($"/patients?q={Uri.EscapeDataString(text)}");

            Assert.True(page.Status is HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity, $"{page.Status} for {text}");
            Assert.Equal("Find a patient", page.Heading);
            Assert.Equal(PlainText.Clean(text), Value(page, "q"));
            Assert.Equal(scripts, page.Html.Scripts.Length);
            Assert.Empty(page.Html.QuerySelectorAll("main img, main iframe, main svg, main [onerror], main [onload]"));
        }
    }

    [Fact]
    public async Task A_date_of_birth_of_any_text_gives_a_clean_page()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        foreach (var text in NaughtyStrings.All.Where((_, i) => i % 10 == 0))
        {
            var page = await alice.GetAsync($"/patients?q=Smith&dob={Uri.EscapeDataString(text)}");

            Assert.True(page.Status is HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity, $"{page.Status} for {text}");
            Assert.Equal("Find a patient", page.Heading);
        }
    }

    private static string Row(TestPage page, string number) =>
        string.Join(' ', page.Html.QuerySelectorAll("tbody tr").Single(row => row.TextContent.Contains(number, StringComparison.Ordinal))
            .TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string? MessageLink(TestPage page, string number) =>
        page.Html.QuerySelectorAll("tbody tr").Single(row => row.TextContent.Contains(number, StringComparison.Ordinal)).QuerySelector("a")?.GetAttribute("href");

    private static Task<HttpResponseMessage> LiveAsync(TestBrowser browser, string q)
    {
        var request = browser.Submission("main form", ("q", q));
        request.Headers.Add("HX-Request", "true");
        request.Headers.Add("HX-Target", "results");
        return browser.SendAsync(request);
    }

    private static string Value(TestPage page, string field) => page.Html.GetElementById(field)!.GetAttribute("value") ?? "";

    private static async Task<TestBrowser> CarolSignsInAsync(TestApp app)
    {
        const string Email = "carol@example.nhs.uk";
        await app.WithAsync<IServiceProvider, IdentityResult>(async services =>
        {
            var session = services.GetRequiredService<IDocumentSession>();
            session.Store(new Practice { Id = "hillside", Name = "Hillside Surgery", Phone = "01632 960002", SignOff = "Hillside Surgery" });
            await session.SaveChangesAsync();
            return await services.GetRequiredService<UserManager<Clinician>>().CreateAsync(
                new Clinician { Email = Email, Name = "Dr Carol", PracticeId = "hillside" }, Scenario.Password);
        });
        return await app.SignInAsync(Email);
    }

    private static Task<bool> ChangeAsync(TestApp app, string email, Action<Clinician> change) =>
        app.WithAsync<UserManager<Clinician>, bool>(async people =>
        {
            var clinician = (await people.FindByNameAsync(email))!;
            change(clinician);
            return (await people.UpdateAsync(clinician)).Succeeded;
        });

    private static string Stored(string folder)
    {
        var all = new StringBuilder();
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            all.Append(reader.ReadToEnd());
        }
        return all.ToString();
    }

    private sealed record AuditEntry(string Actor, string Action, string Subject, string Detail);
}
