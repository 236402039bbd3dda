using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Benchmark;

/// <summary>What pages cost among other people's conversations. These are copies of one row for row, under other names; nobody opens them.</summary>
internal static class Growth
{
    private const int Requests = 300;

    public static async Task MeasureAsync(Version version, IReadOnlyList<int> conversations)
    {
        string link, conversation;
        await using (var app = await version.StartAsync(workers: 4))
        {
            link = (await Phone.AskAsync(app, 1))[0];
            var alice = await app.SignedInAsync();
            await alice.GetAsync("/conversations");
            conversation = alice.Page.Html.QuerySelector("a[href^='/conversations/0']")!.GetAttribute("href")!;
        }
        long there = await version.CountAsync("select count(*) from mt_doc_conversation_row");
        foreach (var wanted in conversations)
        {
            if (wanted > there)
                foreach (var sql in Copies(conversation[^32..], there + 1, wanted))
                    TestPostgres.Execute(version.Database + ";Command Timeout=1200", sql);
            TestPostgres.Execute(version.Database + ";Command Timeout=1200", "vacuum analyze");
            there = Math.Max(there, wanted);
            await using var app = await version.StartAsync(workers: 4);
            var (alice, pat) = (await app.SignedInAsync(), app.NewBrowser());
            await alice.GetAsync(Scenario.TestPatient);
            await pat.GetAsync(link);
            foreach (var (what, act) in new (string, Func<Task>)[]
            {
                ("date-of-birth page", () => Latencies.GetAsync(pat, link)), ("list", () => Latencies.GetAsync(alice, "/conversations")),
                ("conversation", () => Latencies.GetAsync(alice, conversation)), ("send", () => Sending.SendOneAsync(alice)),
            })
            {
                var times = await Latencies.TimesAsync(Requests, _ => act());
                SideBySide.Tell($"{what} among {there:N0} conversations, 99 of 100 within ms", version, times[Requests * 99 / 100]);
            }
            SideBySide.Tell($"database with {there:N0} conversations, MB", version, await version.CountAsync("select pg_database_size(current_database())") / 1_000_000.0);
        }
    }

    /// <summary>Ten messages for each patient, fifty for each clinician in a day.</summary>
    private static IEnumerable<string> Copies(string model, long first, long last)
    {
        const string id = "md5('copy' || i)::uuid";
        string All(string table, string column, string columns, string values) =>
            $"insert into {table}({columns}) select {values} from {table} model, generate_series({first}, {last}) i where model.{column} = '{model}'";
        yield return All("mt_doc_stream_key", "id", "id, data, mt_last_modified, mt_version, mt_dotnet_type", $"{id}, data, mt_last_modified, mt_version, mt_dotnet_type");
        yield return All("mt_streams", "id", "id, type, version, timestamp, created, tenant_id, is_archived", $"{id}, type, version, timestamp, created, tenant_id, is_archived");
        yield return All("mt_events", "stream_id", "seq_id, id, stream_id, version, data, bdata, type, timestamp, tenant_id, mt_dotnet_type, is_archived",
            $"nextval('mt_events_sequence'), gen_random_uuid(), {id}, version, data, bdata, type, timestamp, tenant_id, mt_dotnet_type, is_archived");
        yield return All("mt_doc_conversation_row", "id",
            "id, data, mt_last_modified, mt_version, mt_dotnet_type, ref, practice, requester, patient, status, delivery, attention, done, sent_at, follows, replied_at",
            $"{id}, data, mt_last_modified, mt_version, mt_dotnet_type, 'copy' || i, 'practice' || i % 500, 'clinician' || i % 20000, 'patient' || i / 10, status, delivery, attention, done, sent_at - i * 1000, follows, replied_at");
        yield return All("mt_doc_link", "stream", "id, data, mt_last_modified, mt_version, mt_dotnet_type, stream", $"md5('link' || i), data, mt_last_modified, mt_version, mt_dotnet_type, {id}");
    }
}
