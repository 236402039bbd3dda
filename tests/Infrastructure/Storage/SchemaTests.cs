using Npgsql;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Patients;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Storage;

public class SchemaTests
{
    [Fact]
    public async Task Ten_processes_that_start_at_once_bring_the_schema_up_to_date_once()
    {
        await using var started = await TestDatabase.StartAsync();
        await EmptyAsync(started);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => started.Database.CountAsync("events"));
        var processes = Enumerable.Range(0, 10).Select(_ => new PostgresDatabase(NpgsqlDataSource.Create(started.ConnectionString))).ToList();

        await Task.WhenAll(processes.Select(database => Task.Run(() => database.ApplySchemaAsync(CancellationToken.None))));

        Assert.Equal(1, await started.Database.CountAsync("schema_versions where version = 1"));
        Assert.Equal(Scripts, await started.Database.CountAsync("schema_versions"));
        await using var copy = new TestCopy(started.Database, new FakeTime());
        Assert.NotNull(await copy.FetchAsync(await copy.StartAsync()));
        foreach (var database in processes)
            await database.DisposeAsync();
    }

    [Fact]
    public async Task A_script_that_came_later_with_a_lower_number_is_applied_too()
    {
        await using var started = await TestDatabase.StartAsync();
        await started.Database.ExecuteAsync("drop index conversations_of_patient");
        await started.Database.ExecuteAsync("delete from schema_versions where version = 4");
        await started.Database.ExecuteAsync("insert into schema_versions(version) values(1000)");

        await started.Database.ApplySchemaAsync(CancellationToken.None);

        Assert.Equal(1, await started.Database.CountAsync("schema_versions where version = 4"));
        await started.Database.ExecuteAsync("drop index conversations_of_patient");
    }

    [Fact]
    public async Task Conversations_from_before_are_listed_by_what_became_of_their_delivery()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var copy = new TestCopy(started.Database, new FakeTime());
        var (failed, waiting) = (await copy.StartAsync(), await copy.StartAsync());
        await copy.AppendAsync(failed, new SmsAttempted(Guid.Empty, copy.Time.GetUtcNow()), new SmsFailed(Guid.Empty, SmsFailure.Other, copy.Time.GetUtcNow()), new LinkLocked(copy.Time.GetUtcNow()));
        foreach (var change in new[] { "drop index conversations_following", "alter table conversations drop column delivery", "alter table conversations drop column done",
            "alter table conversations drop column follows", "delete from schema_versions where version = 2" })
            await started.Database.ExecuteAsync(change);

        await started.Database.ApplySchemaAsync(CancellationToken.None);

        Assert.Equal(failed.ToString("N"), await started.Database.ScalarAsync<string>("select id from conversations where delivery = 'Failed'"));
        Assert.Equal(waiting.ToString("N"), await started.Database.ScalarAsync<string>("select id from conversations where delivery = 'Queued'"));
    }

    [Fact]
    public async Task Patients_from_before_lists_had_numbers_are_found_and_compared()
    {
        await using var started = await TestDatabase.StartAsync();
        var patients = new LocalPatients(started.Database, new(TestCopy.MasterKey));
        PatientRecord jane = new(NhsNumber.Parse("9990000026"), "Smith", "Jane", "", new(1980, 1, 31), null, Deceased: false, Restricted: false);
        await patients.ImportAsync("riverside", [jane], DateTimeOffset.UnixEpoch, CancellationToken.None);
        foreach (var change in new[] { "create table saved as select * from patients", "drop table patients", "drop table patient_lists",
            "create table patients(id text not null primary key, practice text not null, nhs_number text not null, name text not null, " +
            "data bytea not null, digest text not null default '', missing_since bigint)",
            "create unique index patients_by_nhs_number on patients(practice, nhs_number)", "create index patients_by_name on patients(practice, name, id)",
            "insert into patients(id, practice, nhs_number, name, data, digest) select id, practice, 'a hash', name, data, digest from saved",
            "delete from schema_versions where version in (5, 9)" })
            await started.Database.ExecuteAsync(change);

        await started.Database.ApplySchemaAsync(CancellationToken.None);

        var found = await patients.SearchAsync(PatientQuery.Parse("999 000 0026", null), new() { PracticeId = "riverside" }, CancellationToken.None);
        Assert.Equal("Jane Smith", Assert.Single(found!).Name);
        Assert.Equal(new(0, 0, 0, 1, 0, 1), await patients.ImportAsync("riverside", [jane], DateTimeOffset.UnixEpoch, CancellationToken.None));
    }

    internal static int Scripts => typeof(IDatabase).Assembly.GetManifestResourceNames().Count(name => name.StartsWith("schema/", StringComparison.Ordinal));

    private static async Task EmptyAsync(TestDatabase started)
    {
        foreach (var table in new[] { "root_key", "documents", "stream_keys", "events", "conversations", "links", "messages", "counters", "audit", "patients", "patient_lists", "schema_versions" })
            await started.Database.ExecuteAsync($"drop table {table}");
    }
}
