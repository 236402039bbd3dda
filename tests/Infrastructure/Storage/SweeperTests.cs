using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Storage;

public sealed class SweeperTests
{
    [Fact]
    public async Task Sessions_and_counts_that_have_run_out_are_deleted_and_no_others()
    {
        await using var app = new TestApp();
        await app.AliceSignsInAsync();
        await app.WithAsync<Counters, long>(counters => counters.AddAsync("short", TimeSpan.FromMinutes(1), CancellationToken.None));
        app.Time.Advance(TimeSpan.FromHours(11));
        await app.BobSignsInAsync();
        await app.WithAsync<Counters, long>(counters => counters.AddAsync("long", TimeSpan.FromHours(5), CancellationToken.None));
        app.Time.Advance(TimeSpan.FromHours(2));

        await app.WithAsync<Sweeper, bool>(async sweeper =>
        {
            await sweeper.SweepAsync(CancellationToken.None);
            return true;
        });

        Assert.Equal(1, await CountAsync(app, "select count(*) from mt_doc_sealed where type = 'StaffSession'"));
        Assert.Equal(1, await CountAsync(app, "select count(*) from counters"));
        Assert.Equal(2, await CountAsync(app, "select count(*) from mt_doc_sealed where type = 'Clinician'"));
    }

    private static Task<long> CountAsync(TestApp app, string sql) => app.WithAsync<IDatabase, long>(async database =>
        (await database.QueryAsync<long>(sql, null, CancellationToken.None))[0]);
}
