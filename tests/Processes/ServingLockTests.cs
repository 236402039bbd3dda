using System.Net;

namespace PatientResponse.Tests.Processes;

/// <summary>The embedded database has one serving process. With PostgreSQL there may be several: see <see cref="CopiesTests"/>.</summary>
public class ServingLockTests
{
    [Fact]
    public async Task A_second_process_on_one_data_folder_says_so_and_does_not_serve_until_the_first_is_gone()
    {
        await using var first = new ServedApp();
        await first.StartAsync();
        await using var second = new ServedApp(beside: first);

        await Assert.ThrowsAnyAsync<Exception>(() => second.StartAsync());

        await ServedApp.UntilAsync(() => second.Output.Contains("Another process serves the data folder", StringComparison.Ordinal), "it says why");
        Assert.Equal(HttpStatusCode.OK, (await first.NewBrowser().GetAsync("/health/ready")).Status);
        await second.KillAsync();
        await first.KillAsync();
        await second.StartAsync();
    }
}
