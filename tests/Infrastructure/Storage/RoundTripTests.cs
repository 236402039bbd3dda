using System.Net;
using System.Net.Sockets;
using Npgsql;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Storage;

public class RoundTripTests
{
    [Fact]
    public async Task Everything_that_a_command_changes_is_saved_in_one_round_trip()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var wire = new Wire(new NpgsqlConnectionStringBuilder(started.ConnectionString));
        await using var database = new PostgresDatabase(NpgsqlDataSource.Create(wire.ConnectionString));
        await using var copy = new TestCopy(database, new FakeTime());
        var id = await copy.StartAsync(); // Opens the connection that the pool then keeps.

        var before = wire.RoundTrips;
        await database.CountAsync("mt_events");
        await database.CountAsync("mt_events");
        Assert.Equal(2, wire.RoundTrips - before);

        await copy.WithAsync(async session =>
        {
            var stream = (await session.Events.FetchForWriting<Conversation>(id))!;
            stream.AppendMany([new LinkLocked(copy.Time.GetUtcNow()), new LinkUnlocked(copy.Time.GetUtcNow())]);
            session.Store(new Practice { Id = "riverside" });
            session.Publish(new() { new DeliverSms(id, 1, copy.Time.GetUtcNow()), new ExpireConversation(id) });
            session.Audit("alice", "sent", id.ToString("N"));
            session.Enlist(new("update mt_events set type = type where stream_id = @stream and version = 1", new Dictionary<string, object?> { ["stream"] = id }, MustAffect: 1));
            before = wire.RoundTrips;
            await session.SaveChangesAsync();
            return true;
        });

        Assert.Equal(1, wire.RoundTrips - before);
        Assert.Equal(3, (await copy.FetchAsync(id))!.History.Count);
    }

    /// <summary>And a save is one round trip, see above. Counters for limits are no part of it.</summary>
    [Fact]
    public async Task What_a_clinician_does_is_saved_at_once()
    {
        var held = new HeldSave();
        await using var app = new TestApp { Replace = held.Use };
        var alice = await app.AliceSignsInAsync();
        var (answered, locked, cancelled) = (await alice.AsksAsync(app), await alice.AsksAsync(app), await alice.AsksAsync(app));
        await app.PatRepliesAsync(answered, "Better");
        await app.SomebodyLocksAsync($"/r/{(await app.ConversationAsync(locked)).Token}");

        await OnceAsync(Scenario.TestPatient, "#compose", ("text", "How is your hip?"), ("allowResponse", "true"));
        await OnceAsync($"/conversations/{locked:N}", "form[action$='/unlock']");
        await OnceAsync($"/conversations/{cancelled:N}", "form[action$='/send-again']");
        await OnceAsync($"/conversations/{cancelled:N}", "form[action$='/cancel']");
        await OnceAsync($"/conversations/{answered:N}", "form[action$='/done']");
        await OnceAsync($"/conversations/{answered:N}", "form[action$='/not-done']");
        await OnceAsync($"/conversations/{answered:N}/ask-again", "#compose", ("text", "And now?"));
        await OnceAsync("/account", "form[action='/account']", ("signOff", "Alice"));
        await OnceAsync("/templates/new", "#template", ("name", "Only mine"), ("text", "How is your knee?"));
        await alice.GetAsync((await alice.GetAsync("/templates")).Html.QuerySelectorAll(".app-templates a").First(link => link.TextContent.Contains("Change Only mine", StringComparison.Ordinal)).GetAttribute("href")!);
        var template = alice.Page.Address.AbsolutePath;
        await OnceAsync(template, "#template", ("name", "Still mine"));
        await OnceAsync($"{template}/delete", "main form");

        Assert.Equal(0, (await app.CommandAsync("clinician", "disable", Scenario.AlicesEmail, "--hand-over-to", Scenario.BobsEmail)).Exit);
        var before = held.Saves;
        Assert.Equal(0, (await app.CommandAsync("clinician", "enable", Scenario.AlicesEmail)).Exit);
        Assert.Equal(1, held.Saves - before);

        async Task OnceAsync(string page, string form, params (string, string)[] fields)
        {
            await alice.GetAsync(page);
            var savesBefore = held.Saves;
            var answer = await alice.SendAsync(alice.Submission(form, fields));
            Assert.Equal((page, HttpStatusCode.SeeOther, 1), (page, answer.StatusCode, held.Saves - savesBefore));
        }
    }

    /// <summary>Passes bytes on to the server, and counts how often the client speaks after the server has spoken.</summary>
    private sealed class Wire : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly (string Host, int Port) _server;
        private volatile bool _serverSpoke = true;
        private int _roundTrips;

        public Wire(NpgsqlConnectionStringBuilder server)
        {
            _server = (server.Host!, server.Port);
            _listener.Start();
            ConnectionString = new NpgsqlConnectionStringBuilder(server.ToString())
            {
                Host = "127.0.0.1",
                Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
                MaxPoolSize = 1,
                SslMode = SslMode.Disable,
            }.ToString();
            _ = AcceptAsync();
        }

        public string ConnectionString { get; }

        public int RoundTrips => Volatile.Read(ref _roundTrips);

        public ValueTask DisposeAsync()
        {
            _listener.Dispose();
            return ValueTask.CompletedTask;
        }

        private async Task AcceptAsync()
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                var server = new TcpClient();
                await server.ConnectAsync(_server.Host, _server.Port);
                _ = PassAsync(client, server, () =>
                {
                    if (!_serverSpoke)
                        return;
                    _serverSpoke = false;
                    Interlocked.Increment(ref _roundTrips);
                });
                _ = PassAsync(server, client, () => _serverSpoke = true);
            }
        }

        private static async Task PassAsync(TcpClient from, TcpClient to, Action notice)
        {
            var buffer = new byte[64 * 1024];
            for (int read; (read = await from.GetStream().ReadAsync(buffer)) > 0;)
            {
                notice();
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
            }
            to.Close();
        }
    }
}
