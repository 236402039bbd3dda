using System.Collections.Concurrent;
using Npgsql;

namespace PatientResponse.Tests.Support;

/// <summary>Databases that all begin like one template. Making one takes ten times as long as putting its rows back, so one that a
/// test has finished with is lent again, unless its tables are not what they were.</summary>
/// <param name="fill">Makes what is in the template, in an empty database.</param>
internal sealed class DatabaseTemplate(Action<string> fill)
{
    private const string Ours = "not in ('pg_catalog', 'information_schema', 'pg_toast', 'seeded')";

    private const string Tables = $"select schemaname, tablename, format('%s.%s', schemaname, tablename) as kept from pg_tables where schemaname {Ours}";

    private const string Shape =
        $"""
        (select md5(string_agg(line, '\n' order by line)) from (
            select format('%s %s %s %s %s', n.nspname, c.relname, a.attname, a.atttypid::regtype, pg_get_expr(d.adbin, d.adrelid)) as line
            from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
            left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
            where n.nspname {Ours} and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
            union all select indexdef from pg_indexes where schemaname {Ours}
            union all select format('%s %s', conrelid::regclass, pg_get_constraintdef(c.oid)) from pg_constraint c join pg_namespace n on n.oid = connamespace where n.nspname {Ours}) lines)
        """;

    private const string Remember =
        $"""
        -- Whoever filled it may still be about to close its connections.
        select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid();
        create schema seeded;
        do $$ declare t record; begin
            for t in {Tables} loop
                execute format('create table seeded.%I as table %I.%I', t.kept, t.schemaname, t.tablename);
            end loop;
        end $$;
        create table seeded."its shape" as select {Shape} as shape;
        """;

    private const string PutBack =
        $"""
        select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid();
        do $$ declare t record; begin
            if {Shape} is distinct from (select shape from seeded."its shape") then
                raise 'A test took its tables apart.';
            end if;
            -- Rows refer to others: all at once, without asking in which order.
            perform set_config('session_replication_role', 'replica', true);
            for t in {Tables} loop
                execute format('delete from %I.%I', t.schemaname, t.tablename);
                execute format('insert into %I.%I overriding system value table seeded.%I', t.schemaname, t.tablename, t.kept);
            end loop;
        end $$
        """;

    private readonly ConcurrentBag<string> _free = [];
    private readonly Lazy<string> _template = new(() =>
    {
        var database = TestPostgres.CreateDatabase();
        fill(database);
        TestPostgres.Execute(database, Remember);
        return database;
    });

    /// <summary>A connection string, until it is given back.</summary>
    public string Lend()
    {
        while (_free.TryTake(out var free))
        {
            try
            {
                TestPostgres.Execute(free, PutBack);
                return free;
            }
            catch (PostgresException)
            {
                TestPostgres.DropDatabase(free);
            }
        }
        return TestPostgres.CreateDatabase(_template.Value);
    }

    public void GiveBack(string database) => _free.Add(database);
}
