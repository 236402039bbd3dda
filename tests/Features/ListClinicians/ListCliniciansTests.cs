using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.ListClinicians;

public class ListCliniciansTests
{
    [Fact]
    public async Task The_operator_sees_who_can_sign_in_for_which_practice_and_how()
    {
        await using var app = new TestApp();
        Assert.Equal(0, (await app.CommandAsync("practice", "set", "riverside", "--name", "Riverside Surgery")).Exit);
        Assert.Equal(0, (await app.CommandAsync("clinician", "add", "zoe@riverside.example.nhs.uk", "--name", "Dr Zoë Field", "--practice", "riverside", "--manager")).Exit);
        Assert.Equal(0, (await app.CommandAsync("clinician", "disable", Scenario.BobsEmail)).Exit);

        var (exit, output, error) = await app.CommandAsync("clinician", "list");

        Assert.Equal((0, ""), (exit, error));
        Assert.Equal(
            [
                "colleague@example.nhs.uk\tNurse Chris Colleague\tdemo\tclinician\tdisabled\tnone",
                "demo@example.nhs.uk\tDr Dana Demo\tdemo\tmanager\tactive\tnone",
                "zoe@riverside.example.nhs.uk\tDr Zoë Field\triverside\tmanager\tinvited\tnone",
            ],
            output.Split('\n'));
        Assert.StartsWith("zoe@", (await app.CommandAsync("clinician", "list", "--practice", "riverside")).Output, StringComparison.Ordinal);
        Assert.Equal((1, "", "There is no practice 'nowhere'."), await app.CommandAsync("clinician", "list", "--practice", "nowhere"));
    }

    [Fact]
    public async Task A_second_step_is_named_and_one_who_cannot_be_read_hides_nobody()
    {
        await using var app = new TestApp();
        await app.SetsUpAnAppAsync(await app.AliceSignsInAsync());
        Assert.Contains("demo@example.nhs.uk\tDr Dana Demo\tdemo\tmanager\tactive\tapp", (await app.CommandAsync("clinician", "list")).Output.Split('\n'));

        var bob = $"Clinician/{(await app.ClinicianAsync(Scenario.BobsEmail)).Id}";
        await app.WithAsync<IDatabase, int>(async database =>
        {
            await database.ExecuteAsync("update mt_doc_sealed set data = '{}' where id = @bob", ("bob", bob));
            return 0;
        });
        var (exit, output, error) = await app.CommandAsync("clinician", "list");
        Assert.Equal((1, $"document/{bob} cannot be read."), (exit, error));
        Assert.StartsWith("demo@example.nhs.uk\t", Assert.Single(output.Split('\n')), StringComparison.Ordinal);
    }
}
