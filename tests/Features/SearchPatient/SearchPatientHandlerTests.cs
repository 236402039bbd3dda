using PatientResponse.Features.SearchPatient;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Sms;

namespace PatientResponse.Tests.Features.SearchPatient;

public class SearchPatientHandlerTests
{
    private static readonly Patient Jane = new(
        "1", "Mrs", "Jane", "Smith", NhsNumber.Parse("9990000026"), new(1980, 1, 31), Mobile("07700 900123"), "", Deceased: false, Restricted: false, IsTest: false);

    private static readonly Patient[] Fifty = [.. Enumerable.Range(0, 50).Select(i => Jane with { Id = $"{i}" })];

    [Fact]
    public void Nothing_typed_is_a_first_visit_and_not_on_record()
    {
        var model = Search("", "", []);
        Assert.True(model.IsFirstVisit);
        Assert.Empty(model.Errors);
        Assert.Null(SearchPatientHandler.Audit(PatientQuery.Parse("", ""), PatientsFound.None));
    }

    [Theory]
    [InlineData("999 000 002", "", "q", "An NHS number has 10 digits. You typed 9.")]
    [InlineData("999 000 002A", "", "q", "An NHS number has only digits. You typed a letter.")]
    [InlineData("999 000 0062", "", "q", "This is not a valid NHS number. Check the digits – one may be wrong or two swapped.")]
    [InlineData("1980", "", "q", "Add a name to the year of birth, or the day and month, for example 31/03/1980. An NHS number has 10 digits.")]
    [InlineData("Smith", "31/02/1980", "dob", "Enter the date of birth as a real date, for example 31/03/1980")]
    public void A_mistake_is_named_beside_its_box_keeps_what_was_typed_and_is_not_on_record(string q, string dob, string field, string message)
    {
        var model = Search(q, dob, []);
        Assert.Equal(new(field, message), Assert.Single(model.Errors));
        Assert.Equal(message, model.ErrorOf(field));
        Assert.Equal(new Typed(q, dob), model.Typed);
        Assert.Null(SearchPatientHandler.Audit(PatientQuery.Parse(q, dob), PatientsFound.None));
    }

    [Theory]
    [InlineData("9990000026", "", "No patient of your practice has the NHS number 999 000 0026. Check it against the record, or search by name.")]
    [InlineData("Smith", "", "No patient of your practice has this name. Check the spelling, try the family name alone, or search by NHS number.")]
    [InlineData("Smith", "1980-01-31", "No patient of your practice has this name and was born on 31 January 1980. Check the date, or search by NHS number.")]
    [InlineData("Smith 1980", "", "No patient of your practice has this name and was born in 1980. Check the date, or search by NHS number.")]
    [InlineData("31/1/1980", "", "No patient of your practice was born on 31 January 1980. Check the date, or search by name or NHS number.")]
    public void Nobody_found_says_what_to_try_next(string q, string dob, string advice)
    {
        var model = Search(q, dob, []);
        Assert.Equal(("No patient found", advice, q.StartsWith("Smith", StringComparison.Ordinal) && (dob != "" || q != "Smith")), (model.Heading, model.Advice, model.WithoutDob is not null));
    }

    [Theory]
    [InlineData("Smith", "", "These are the first 50. Add a first name or a date of birth, or search by NHS number.")]
    [InlineData("Smith", "1980-01-31", "These are the first 50. Add a first name, or search by NHS number.")]
    [InlineData("1/1980", "", "These are the first 50. Add a name, or search by NHS number.")]
    public void Of_too_many_the_first_are_shown_with_how_to_narrow_the_search(string q, string dob, string advice)
    {
        var model = SearchPatientHandler.Handle(new(q, dob), PatientQuery.Parse(q, dob), new(Fifty) { AndMore = true }, []);
        Assert.Equal(("More than 50 patients found", advice, 50), (model.Heading, model.Advice, model.Found.Count));
    }

    [Fact]
    public void Similar_names_are_apart_from_those_found_and_are_told_of()
    {
        var mary = Jane with { Id = "2", GivenName = "Mary" };
        var model = SearchPatientHandler.Handle(new("Jane", ""), PatientQuery.Parse("Jane", ""), new([Jane]) { Similar = [mary] }, []);
        Assert.Equal(("1", "2"), (Assert.Single(model.Found).Patient.Id, Assert.Single(model.Similar).Patient.Id));
        Assert.Equal("1 patient found, and 1 with a similar name", model.Status);
        model = SearchPatientHandler.Handle(new("Janet", ""), PatientQuery.Parse("Janet", ""), new([]) { Similar = [mary, Jane] }, []);
        Assert.Equal(("No patient found", "No patient found, and 2 with similar names", true), (model.Heading, model.Status, model.ShowsSomebody));
    }

    [Fact]
    public void Only_who_cannot_be_taken_for_another_is_opened_at_once()
    {
        Assert.Equal(Jane, Search("Smith", "", [Jane]).OnlyOne);
        Assert.Null(Search("Smith", "", [Jane, Jane with { Id = "2" }]).OnlyOne);
        Assert.Null(SearchPatientHandler.Handle(new("Jane", ""), PatientQuery.Parse("Jane", ""), new([Jane]) { Similar = [Jane with { Id = "2", GivenName = "Janet" }] }, []).OnlyOne);
        Assert.Null(SearchPatientHandler.Handle(new("Jane", ""), PatientQuery.Parse("Jane", ""), new([Jane]) { Unreadable = ["patient/3"] }, []).OnlyOne);
        // Whom the clinician messaged lately was not looked for.
        Assert.Null(SearchPatientHandler.Handle(new("", ""), PatientQuery.Parse("", ""), new([]), [new(Jane, default)]).OnlyOne);
    }

    [Fact]
    public void Those_found_are_counted()
    {
        Assert.Equal("1 patient found", Search("Smith", "", [Jane]).Heading);
        var both = Search("Smith", "", [Jane, Jane with { Id = "2" }]);
        Assert.Equal(("2 patients found", 2), (both.Heading, both.Found.Count));
    }

    [Fact]
    public void A_date_typed_with_slashes_stands_in_the_box_as_a_date_field_wants_it() =>
        Assert.Equal("1980-01-31", Search("Smith", "31/1/1980", [Jane]).Typed.Dob);

    [Fact]
    public void A_living_patient_with_a_mobile_can_be_messaged() => Assert.Null(Jane.Obstacle);

    [Fact]
    public void Whoever_cannot_be_messaged_has_a_reason_and_the_gravest_comes_first()
    {
        Assert.Equal("There is no mobile number on record. Ask the patient for one and add it to the record.",
            (Jane with { Mobile = null }).Obstacle);
        Assert.False(UkMobile.TryParse("020 7946 0318", out _, out var problem));
        Assert.Equal("The number on record cannot be texted. This is a landline number. Ask the patient for a mobile number and add it to the record.",
            (Jane with { Mobile = null, MobileProblem = problem }).Obstacle);
        Assert.Equal("Set the mobile number that you use for the test patient.",
            (Jane with { Mobile = null, IsTest = true }).Obstacle);
        Assert.Equal("This is a sensitive record. Contact details are not shown and no message can be sent from here.",
            (Jane with { Restricted = true }).Obstacle);
        Assert.Equal("This patient has died. No message can be sent.",
            (Jane with { Deceased = true, Restricted = true }).Obstacle);
    }

    [Theory]
    [InlineData("9990000026", "", "by NHS number: 1 found")]
    [InlineData("Smith", "", "by name: 1 found")]
    [InlineData("Smith", "1980-01-31", "by name and date of birth: 1 found")]
    [InlineData("smith 31.1.1980", "", "by name and date of birth: 1 found")]
    [InlineData("31.1.1980", "", "by date of birth: 1 found")]
    public void The_record_says_how_one_searched_and_how_many_were_found_and_nothing_typed(string q, string dob, string entry)
    {
        Assert.Equal(entry, SearchPatientHandler.Audit(PatientQuery.Parse(q, dob), new([Jane])));
        Assert.Equal(entry + ", 1 similar", SearchPatientHandler.Audit(PatientQuery.Parse(q, dob), new([Jane]) { Similar = [Jane] }));
        Assert.Equal(
            entry.Replace("1 found", "more than 50 found", StringComparison.Ordinal), SearchPatientHandler.Audit(PatientQuery.Parse(q, dob), new(Fifty) { AndMore = true }));
    }

    [Fact]
    public void Any_text_leads_to_a_mistake_a_heading_or_a_first_visit() => Property.HoldsForAnyText(text =>
    {
        var model = Search(text ?? "", text ?? "", []);
        Assert.Single(new[] { model.IsFirstVisit, model.Errors.Count > 0, model.Heading is not null && model.Advice is not null }, state => state);
    });

    [Fact]
    public void Whom_Alice_messaged_lately_leads_what_was_found_and_is_shown_among_too_many()
    {
        var (joan, john) = (Jane with { Id = "2", GivenName = "Joan" }, Jane with { Id = "3", GivenName = "John" });
        RecentPatient[] recent = [new(john, DateTimeOffset.UnixEpoch.AddDays(1)), new(Jane with { Id = "4", GivenName = "Mary" }, DateTimeOffset.UnixEpoch)];
        SearchPatientModel With(string q, IEnumerable<Patient> found, bool more = false) =>
            SearchPatientHandler.Handle(new(q, ""), PatientQuery.Parse(q, ""), new(found) { AndMore = more }, recent);

        Assert.Equal(["3", "4"], With("", []).Found.Select(found => found.Patient.Id));
        Assert.Equal([("3", true), ("1", false), ("2", false)], With("Smith", [Jane, joan, john]).Found.Select(found => (found.Patient.Id, found.MessagedAt is not null)));
        Assert.Equal(["3", "1"], With("jo", [Jane], more: true).Found.Select(found => found.Patient.Id));
    }

    private static SearchPatientModel Search(string q, string dob, IEnumerable<Patient> matches) =>
        SearchPatientHandler.Handle(new(q, dob), PatientQuery.Parse(q, dob), new(matches), []);

    private static UkMobile Mobile(string number) => UkMobile.TryParse(number, out var mobile, out _) ? mobile : throw new ArgumentException(number);
}
