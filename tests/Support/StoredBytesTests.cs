namespace PatientResponse.Tests.Support;

public class StoredBytesTests
{
    [Theory]
    [InlineData("create table kept(id bigint, value text); insert into kept values(1, 'a secret')")]
    [InlineData("create table kept(value text[]); insert into kept values(array['b', 'a secret'])")]
    [InlineData("create table kept(value bytea); insert into kept values('a secret')")]
    [InlineData("create table kept(value bytea[]); insert into kept values(array['b', 'a secret']::bytea[])")]
    [InlineData("create table kept(value text); insert into kept values(encode('a secret', 'base64'))")]
    [InlineData("create table kept(value jsonb); insert into kept values(jsonb_build_object('deep', jsonb_build_array('b', encode('a secret', 'base64'))))")]
    [InlineData("create table kept(value text); insert into kept values(json_build_object('body', encode('a secret', 'base64'))::text)")]
    [InlineData("create schema work; create table work.kept(value text); insert into work.kept values('a secret')")]
    [InlineData("create table \"Kept\"(\"Value\" text); insert into \"Kept\" values('a secret')")]
    [InlineData("create table kept(value text) partition by list(value); create table part partition of kept default; insert into kept values('a secret')")]
    public async Task What_a_database_holds_is_found_wherever_it_stands(string sql)
    {
        await using var started = await TestDatabase.StartAsync();
        Assert.False((await StoredBytes.OfAsync(started.Database)).Holds("a secret"));

        foreach (var statement in sql.Split("; "))
            await started.Database.ExecuteAsync(statement);

        Assert.True((await StoredBytes.OfAsync(started.Database)).Holds("a secret"));
    }
}
