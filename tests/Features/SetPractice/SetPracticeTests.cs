using PatientResponse.Features.SetPractice;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;
using SetPracticeTo = PatientResponse.Features.SetPractice.SetPractice;

namespace PatientResponse.Tests.Features.SetPractice;

public class SetPracticeTests
{
    private static readonly SetPracticeTo Riverside = new("riverside", "Riverside Surgery", null, null, null, null, null);

    [Fact]
    public async Task The_operator_makes_a_practice_and_later_changes_one_thing()
    {
        await using var app = new TestApp();
        var made = await app.CommandAsync("practice", "set", "riverside", "--name", "Riverside Surgery", "--phone", "01632 960002",
            "--show-name-before-dob", "true", "--cap-per-clinician", "50", "--cap", "500");
        Assert.Equal((0, ""), (made.Exit, made.Error));
        var changed = await app.CommandAsync("practice", "set", "riverside", "--sign-off", "Riverside team", "--show-name-before-dob", "false");
        Assert.Equal((0, ""), (changed.Exit, changed.Error));
        Assert.Contains("Riverside team", changed.Output, StringComparison.Ordinal);
        var practice = await app.WithAsync<IDocumentSession, Practice?>(documents => documents.LoadAsync<Practice>("riverside"));
        Assert.Equal(
            ("Riverside Surgery", "01632 960002", "Riverside team", false, 50, 500),
            (practice!.Name, practice.Phone, practice.SignOff, practice.ShowNameBeforeDateOfBirth, practice.DailyCapPerClinician, practice.DailyCap));
    }

    [Fact]
    public async Task A_mistake_is_told_on_the_error_stream_and_nothing_is_saved()
    {
        await using var app = new TestApp();
        var refused = await app.CommandAsync("practice", "set", "riverside", "--name", "Riverside Surgery", "--phone", "12");
        Assert.Equal((1, ""), (refused.Exit, refused.Output));
        Assert.Contains("phone number", refused.Error, StringComparison.Ordinal);
        Assert.Null(await app.WithAsync<IDocumentSession, Practice?>(documents => documents.LoadAsync<Practice>("riverside")));
        Assert.Equal(1, (await app.CommandAsync("practice", "set", "riverside", "--cap", "many")).Exit);
        Assert.Equal(1, (await app.CommandAsync("practice", "sett", "riverside")).Exit);
    }

    [Fact]
    public async Task What_was_changed_is_in_the_audit_record()
    {
        await using var app = new TestApp();
        await app.CommandAsync("practice", "set", "demo", "--sender-name", "Demo GP", "--retention-days", "90", "--require-second-factor", "true");
        await app.CommandAsync("practice", "set", "demo", "--sender-name", "", "--retention-days", "0");
        Assert.Equal(
            [
                "sender name: none -> \"Demo GP\"; retention days: not set -> 90; second factor required: no -> yes",
                "sender name: \"Demo GP\" -> none; retention days: 90 -> not set",
            ],
            await app.WithAsync<IDatabase, IReadOnlyList<string>>(database => database.QueryAsync<string>(
                "select detail from audit where action = 'set practice' and subject = 'demo' and actor = 'operator' order by id", null, CancellationToken.None)));
    }

    [Fact]
    public void The_sign_off_of_a_new_practice_is_its_name()
    {
        var practice = SetPracticeHandler.Handle(Riverside, null);
        Assert.Equal("Riverside Surgery", practice.SignOff);
        Assert.Null(SetPracticeHandler.Problem(practice));
    }

    [Fact]
    public void Every_mistake_has_its_own_words()
    {
        AssertProblem("lower-case", Riverside with { Id = "River side" });
        AssertProblem("lower-case", Riverside with { Id = "" });
        AssertProblem("needs a name", Riverside with { Name = null });
        AssertProblem("needs a name", Riverside with { Name = " " });
        AssertProblem("name has at most 100", Riverside with { Name = new string('n', 101), SignOff = "x" });
        AssertProblem("name must be on one line", Riverside with { Name = "a\nb", SignOff = "x" });
        AssertProblem("sign-off must not be empty", Riverside with { SignOff = " " });
        AssertProblem("sign-off has at most 60", Riverside with { SignOff = new string('s', 61) });
        AssertProblem("sign-off must be on one line", Riverside with { SignOff = "a\nb" });
        AssertProblem("10 or 11 digits", Riverside with { Phone = "0163 296" });
        AssertProblem("10 or 11 digits", Riverside with { Phone = "01632 96000x" });
        AssertProblem("sender name has letters", Riverside with { SenderName = "0800 111" });
        AssertProblem("sender name has letters", Riverside with { SenderName = "Riverside GP" });
        AssertProblem("sender name has letters", Riverside with { SenderName = "St-Mary" });
        AssertProblem("from 30 to", Riverside with { RetentionDays = 29 });
        AssertProblem("for each clinician", Riverside with { DailyCapPerClinician = 0 });
        AssertProblem("for the practice", Riverside with { DailyCap = -1 });
    }

    private static void AssertProblem(string words, SetPracticeTo command) =>
        Assert.Contains(words, SetPracticeHandler.Problem(SetPracticeHandler.Handle(command, null)), StringComparison.Ordinal);
}
