using PatientResponse.Infrastructure.Start;
using PatientResponse.Infrastructure.Storage.Sealing;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Web;

public class OperatorCommandsTests
{
    [Theory]
    [InlineData("practice set")]
    [InlineData("clinician add")]
    [InlineData("clinician reset")]
    [InlineData("clinician disable")]
    [InlineData("patients import")]
    [InlineData("messages list")]
    [InlineData("messages retry")]
    [InlineData("messages discard")]
    [InlineData("keys rewrap")]
    [InlineData("verify")]
    [InlineData("erase")]
    [InlineData("restore-check")]
    public async Task Every_command_explains_itself_and_refuses_what_it_does_not_know(string command)
    {
        await using var app = new TestApp();
        var help = await app.CommandAsync([.. command.Split(' '), "--help"]);
        Assert.Equal((0, ""), (help.Exit, help.Error));
        Assert.Contains("Description:", help.Output, StringComparison.Ordinal);

        var mistaken = await app.CommandAsync([.. command.Split(' '), "--no-such-option"]);
        Assert.Equal(1, mistaken.Exit);
        Assert.NotEqual("", mistaken.Error);
    }

    [Theory]
    [InlineData("--help", "Usage:"), InlineData("-h", "Usage:"), InlineData("-?", "Usage:"), InlineData("--version", ".")]
    public async Task Who_asks_the_product_itself_for_help_gets_it_and_nothing_starts(string option, string answer)
    {
        Assert.True(OperatorCommands.IsCommand([option]));
        Assert.False(OperatorCommands.IsCommand(["--urls", "http://localhost:5080"]));
        await using var app = new TestApp();
        var help = await app.CommandAsync(option);
        Assert.Equal((0, ""), (help.Exit, help.Error));
        Assert.Contains(answer, help.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_foreign_master_key_nothing_begins()
    {
        await using var installation = await BackedUpInstallation.StartAsync();
        await installation.WithDatabaseAsync(database => RootKey.OpenAsync(database, new(new byte[32], [])));
        await using var app = installation.App(("Encryption:MasterKey", Convert.ToBase64String(TestCopy.MasterKey)));
        var (exit, output, error) = await app.CommandAsync("practice", "set", "riverside", "--name", "Riverside");
        Assert.Equal((1, ""), (exit, output));
        Assert.Contains("does not open this database", error, StringComparison.Ordinal);
        Environment.ExitCode = 0;
        Assert.Equal(0, await installation.WithDatabaseAsync(database => database.CountAsync("mt_doc_sealed")));
    }
}
