using Npgsql;

namespace PatientResponse.Tests.Support;

public class DatabaseTemplateTests
{
    private readonly DatabaseTemplate _template = new(database => TestPostgres.Execute(database,
        "create table people(id bigint primary key, name text); insert into people values(1, 'Jane'); create schema work; create table work.queue(id bigint)"));

    [Fact]
    public void A_database_is_lent_again_with_its_first_rows_and_nothing_else()
    {
        var first = _template.Lend();
        TestPostgres.Execute(first, "insert into people values(2, 'Joe'); update people set name = 'Anna' where id = 1; insert into work.queue values(3)");
        _template.GiveBack(first);

        Assert.Equal(first, _template.Lend());
        Assert.Equal("1 Jane", Rows(first));
        Assert.Equal("", Rows(first, "work.queue", "''"));
        TestPostgres.DropDatabase(first);
    }

    [Theory]
    [InlineData("drop table people")]
    [InlineData("create table others(id bigint)")]
    [InlineData("create table work.others(id bigint)")]
    [InlineData("alter table people add column age bigint")]
    [InlineData("alter table people drop constraint people_pkey")]
    [InlineData("create index people_by_name on people(name)")]
    [InlineData("alter table people alter column name set default ''")]
    public void A_database_whose_tables_a_test_took_apart_is_not_lent_again(string change)
    {
        var first = _template.Lend();
        TestPostgres.Execute(first, change);
        _template.GiveBack(first);

        var next = _template.Lend();
        Assert.NotEqual(first, next);
        Assert.Equal("1 Jane", Rows(next));
        TestPostgres.DropDatabase(next);
    }

    private static string Rows(string database, string table = "people", string name = "name")
    {
        using var connection = new NpgsqlConnection(database + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand($"select coalesce(string_agg(format('%s %s', id, {name}), ', ' order by id), '') from {table}", connection);
        return (string)command.ExecuteScalar()!;
    }
}
