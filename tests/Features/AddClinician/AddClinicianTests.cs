using System.Diagnostics;
using System.Net;
using PatientResponse.Features.AddClinician;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;
using AddClinicianAs = PatientResponse.Features.AddClinician.AddClinician;

namespace PatientResponse.Tests.Features.AddClinician;

public class AddClinicianTests
{
    private static readonly Practice Riverside = new() { Id = "riverside", Name = "Riverside Surgery" };

    [Fact]
    public async Task Adding_a_person_prints_one_line_the_link_at_the_public_address()
    {
        await using var app = new TestApp();
        app.Settings["PublicUrl"] = "https://reply.example.nhs.uk/";
        var (exit, link, error) = await app.CommandAsync("clinician", "add", "O'Brien@Example.NHS.uk", "--name", "Dr Órla O'Brien", "--practice", "demo");
        Assert.Equal((0, ""), (exit, error));
        Assert.StartsWith("https://reply.example.nhs.uk/set-password?user=", link, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', link);
        var clinician = await app.WithAsync<IDocumentSession, Clinician?>(documents => documents.FindAsync<Clinician>(Clinician.LookupOf("o'brien@example.nhs.uk")));
        Assert.Equal(("o'brien@example.nhs.uk", "Dr Órla O'Brien", "demo"), (clinician!.Email, clinician.Name, clinician.PracticeId));
    }

    [Fact]
    public async Task A_person_without_a_password_is_as_unknown_as_anybody()
    {
        await using var app = new TestApp();
        await app.CommandAsync("clinician", "add", "new@example.nhs.uk", "--name", "New Person", "--practice", "demo");
        var browser = app.NewBrowser();
        await browser.GetAsync("/sign-in");
        var page = await browser.SubmitAsync("main form", ("email", "new@example.nhs.uk"), ("password", "anything at all"));
        Assert.Contains("The email address or password is not right", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adding_somebody_again_makes_a_new_link_and_the_older_one_dies()
    {
        await using var app = new TestApp();
        var first = await app.CommandAsync("clinician", "add", "new@example.nhs.uk", "--name", "New Person", "--practice", "demo");
        Assert.Equal(HttpStatusCode.OK, (await app.NewBrowser().GetAsync(first.Output)).Status);
        var second = await app.CommandAsync("clinician", "add", " NEW@example.nhs.uk", "--name", "Newer Person");
        Assert.Equal((0, ""), (second.Exit, second.Error));
        Assert.Equal(HttpStatusCode.Gone, (await app.NewBrowser().GetAsync(first.Output)).Status);
        Assert.Contains("Newer Person", (await app.NewBrowser().GetAsync(second.Output)).Text, StringComparison.Ordinal);
        Assert.Equal((1, 1), ((await app.AuditedAsync("added clinician")).Count, (await app.AuditedAsync("renewed password link")).Count));
    }

    [Fact]
    public async Task A_manager_is_made_one_and_stays_one_until_the_operator_says_otherwise()
    {
        await using var app = new TestApp();
        await app.CommandAsync("clinician", "add", "new@example.nhs.uk", "--name", "New Person", "--practice", "demo");
        Assert.False(await IsManagerAsync());
        await app.CommandAsync("clinician", "add", "new@example.nhs.uk", "--manager");
        Assert.True(await IsManagerAsync());
        await app.CommandAsync("clinician", "add", "new@example.nhs.uk");
        Assert.True(await IsManagerAsync());
        await app.CommandAsync("clinician", "add", "new@example.nhs.uk", "--manager", "false");
        Assert.False(await IsManagerAsync());

        Task<bool> IsManagerAsync() => app.WithAsync<IDocumentSession, bool>(async documents =>
            (await documents.FindAsync<Clinician>(Clinician.LookupOf("new@example.nhs.uk")))!.IsManager);
    }

    [Fact]
    public async Task An_unknown_practice_is_refused()
    {
        await using var app = new TestApp();
        var (exit, output, error) = await app.CommandAsync("clinician", "add", "new@example.nhs.uk", "--name", "New Person", "--practice", "riversid");
        Assert.Equal((1, ""), (exit, output));
        Assert.Contains("There is no practice 'riversid'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_mistake_has_its_own_words()
    {
        var dana = new AddClinicianAs("dana@example.nhs.uk", "Dr Dana Jones", "riverside");
        Assert.Null(AddClinicianHandler.Problem(dana, null, Riverside));
        Assert.Null(AddClinicianHandler.Problem(new("dana@example.nhs.uk", null, null), new Clinician(), null));
        Assert.Contains("needs a name", AddClinicianHandler.Problem(dana with { Name = null }, null, Riverside), StringComparison.Ordinal);
        Assert.Contains("needs a practice", AddClinicianHandler.Problem(dana with { Practice = null }, null, null), StringComparison.Ordinal);
        Assert.Contains("one line", AddClinicianHandler.Problem(dana with { Name = "a\nb" }, null, Riverside), StringComparison.Ordinal);
        Assert.Contains("is disabled", AddClinicianHandler.Problem(dana, new Clinician { Disabled = true }, Riverside), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("dana")]
    [InlineData("@example.nhs.uk")]
    [InlineData("dana@example")]
    [InlineData("dana@example..uk")]
    [InlineData("dana@b@example.uk")]
    [InlineData("dana jones@example.uk")]
    [InlineData("Dana <dana@example.uk>")]
    [InlineData("dana@example.uk,bob@example.uk")]
    [InlineData("dana@exämple.uk")]
    [InlineData("dana\r\nBcc:x@example.uk")]
    public void What_is_no_email_address_is_refused(string email) =>
        Assert.Contains("is not an email address", AddClinicianHandler.Problem(new(email, "Dr Dana Jones", "riverside"), null, Riverside), StringComparison.Ordinal);

    [Fact]
    public async Task The_commands_run_in_a_process_of_their_own_beside_the_one_that_serves()
    {
        await using var app = new TestApp();
        var browser = app.NewBrowser();
        await browser.GetAsync("/sign-in");
        // The other processes have a clock of their own, and what is on record is months older.
        app.Time.Advance(DateTimeOffset.UtcNow - app.Time.GetUtcNow());
        await app.BesideAsync(async database =>
        {
            await new DatabaseClocks(database).NoteAsync(new(DateTimeOffset.UtcNow), CancellationToken.None);
            return true;
        });
        Assert.Equal(0, (await ProcessAsync(app.DataFolder, app.Postgres, ["practice", "set", "riverside", "--name", "Riverside Surgery"])).Exit);
        var (exit, link, error) = await ProcessAsync(app.DataFolder, app.Postgres, ["clinician", "add", "new@example.nhs.uk", "--name", "New Person", "--practice", "riverside"]);
        Assert.Equal((0, ""), (exit, error));
        Assert.StartsWith("http://localhost:5000/set-password?", link, StringComparison.Ordinal);
        await browser.GetAsync(link);
        await browser.SubmitAsync("main form", ("password", "three random words"), ("again", "three random words"));
        await app.SignInAsync("new@example.nhs.uk", "three random words");
    }

    [Fact]
    public async Task The_commands_prepare_a_new_data_folder()
    {
        var folder = Directory.CreateTempSubdirectory("patient-response-").FullName;
        try
        {
            var (exit, output, error) = await ProcessAsync(Path.Combine(folder, "data"), null, ["practice", "set", "riverside", "--name", "Riverside Surgery"]);
            Assert.Equal((0, ""), (exit, error));
            Assert.StartsWith("Practice riverside: Riverside Surgery", output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task In_production_a_command_without_key_and_address_says_what_is_missing()
    {
        var (exit, output, error) = await ProcessAsync(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), null, ["practice", "set", "x", "--name", "X"], "Production");
        Assert.Equal((1, ""), (exit, output));
        Assert.Contains("Encryption:MasterKey", error, StringComparison.Ordinal);
        Assert.Contains("PublicUrl", error, StringComparison.Ordinal);
    }

    private static async Task<(int Exit, string Output, string Error)> ProcessAsync(string folder, string? postgres, string[] args, string environment = "Development")
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        start.Environment["Data__Folder"] = folder;
        start.Environment["ConnectionStrings__Postgres"] = postgres ?? "";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, (await output).Trim(), (await error).Trim());
    }
}
