using System.Diagnostics;
using PatientResponse.Tests.Infrastructure.Sms.Twilio;

namespace PatientResponse.Tests.Processes.Faults;

/// <summary>What goes wrong, one thing after the other. Each waits until it has happened, mends it, and waits until the product works again.</summary>
internal sealed class Mishaps(World world, Journal journal, Random random)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly string[] Moves = ["+3m", "-4m", "+2h", "-2h", "+40d", "-40d", "+3y", "-2y"];
    private static readonly Point[] Paused = [Point.CommitComes, Point.CommitDone, Point.CarrierAsked, Point.CarrierAnswers, Point.RelayAnswers];

    public Tally Tally { get; } = new();

    /// <summary>What happened when, for whoever wonders how it came to something.</summary>
    public Action<string> Note { get; init; } = _ => { };

    /// <summary>Of each kind so many, in an order of the seed's.</summary>
    public IEnumerable<Func<Task>> ShortDay() => Day(kills: 2);

    /// <summary>The same again and again, with more kills.</summary>
    public IEnumerable<Func<Task>> LongDay()
    {
        while (true)
            foreach (var mishap in Day(kills: 6))
                yield return mishap;
    }

    private IEnumerable<Func<Task>> Day(int kills)
    {
        List<Func<Task>> all =
        [
            .. Some(kills, Points).Select(Kill), .. Some(1, Points).Select(Cut), .. Some(1, Paused).Select(Pause), .. Some(2, Outages),
            DatabaseRestartsAsync, CarrierRefusesAsync, StopsAsync,
        ];
        if (world.HasSmallDisk)
            all.Add(DiskIsFullAsync);
        if (ProductProcess.ClocksCanBeMoved)
            all.AddRange([ClockMovesAsync, ClockMovesAsync]);
        return Some(all.Count, all);
    }

    /// <summary>All is well again, and both processes serve.</summary>
    public async Task EndAsync()
    {
        foreach (var process in world.Processes)
        {
            process.MoveClock("+0");
            foreach (var wire in process.Wires.All)
                wire.Mend();
        }
        (world.Account.Refuses, world.Account.TakesAnd) = (null, null);
        world.EmptyDisk();
        await world.Server.UpAsync();
        foreach (var process in world.Processes.Where(process => process.IsPaused))
            await process.ResumeAsync();
        await Task.WhenAll(world.Processes.Select(process => process.IsAlive ? Task.CompletedTask : process.StartAsync()));
        await ServedApp.UntilAsync(() => world.Processes.All(process => process.Serves), "both serve");
    }

    private IReadOnlyList<Point> Points => [.. Enum.GetValues<Point>().Where(point => world.Store is not null || point is not (Point.StoreAsked or Point.StoreAnswers))];

    private IReadOnlyList<Func<Task>> Outages =>
    [
        .. from which in new (string Who, Func<Wires, Wire?> Wire)[] { ("the carrier", wires => wires.Carrier), ("the relay", wires => wires.Relay), ("the scanner", wires => wires.Scanner), ("the store", wires => wires.Store) }
           from hangs in new[] { true, false }
           select (Func<Task>)(() => OutageAsync(which.Who, which.Wire, hangs)),
    ];

    private Func<Task> Kill(Point point) => async () =>
    {
        if (await SpringAsync(point, async process => { await process.KillAsync(); return false; }) is not { } killed)
            return;
        Tally.Kills++;
        Note($"{killed.Name} is killed at {point}");
        // Beside what happens next.
        _ = killed.StartAsync();
        await WorksAsync();
    };

    private Func<Task> Cut(Point point) => async () =>
    {
        if (await SpringAsync(point, _ => Task.FromResult(false)) is not { } cut)
            return;
        Tally.Cuts++;
        Note($"{cut.Name} is cut off at {point}");
        await WorksAsync();
    };

    /// <summary>It stands still until it is taken for dead and the other has its messages; then it wakes up.</summary>
    private Func<Task> Pause(Point point) => async () =>
    {
        if (await SpringAsync(point, async process => { await process.PauseAsync(); return true; }) is not { } paused)
            return;
        Tally.Pauses++;
        Note($"{paused.Name} stands still at {point}");
        await Task.WhenAll(world.Processes.Where(process => !process.IsAlive).Select(process => process.StartAsync()));
        await ServedApp.UntilAsync(async () => await world.WithDatabaseAsync(database => Support.RawTables.CountAsync(database, "wolverine_nodes")) <= 1, "it is taken for dead",
            async () => string.Join('\n', await world.WithDatabaseAsync(database => database.QueryAsync<string>(
                """
                select n::text || ' now ' || now() from wolverine_nodes n
                union all
                select coalesce(state, '-') || ' since ' || state_change || ' waits for ' || coalesce(wait_event, '-') || ' blocked by ' || pg_blocking_pids(pid)::text || ' pid ' || pid || ': ' || left(query, 300)
                from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
                """, null, CancellationToken.None))));
        await WorksAsync();
        await paused.ResumeAsync();
        Note($"{paused.Name} wakes up");
        await WorksAsync();
    };

    private async Task DatabaseRestartsAsync()
    {
        var failed = journal.Failed;
        Note("PostgreSQL crashes");
        await world.Server.DownAsync();
        await UntilAsync(() => journal.Failed >= failed + 2);
        await world.Server.UpAsync();
        Tally.DatabaseRestarts++;
        await WorksAsync();
    }

    private async Task DiskIsFullAsync()
    {
        var (failed, answered) = (journal.Failed, journal.Answered);
        Note("the disk is full");
        world.FillDisk();
        await UntilAsync(() => journal.Failed > failed || journal.Answered > answered + 40);
        world.EmptyDisk();
        Tally.FullDisks++;
        await WorksAsync();
    }

    /// <summary>People are served meanwhile, all but those who need just that.</summary>
    private async Task OutageAsync(string who, Func<Wires, Wire?> which, bool hangs)
    {
        var wires = world.Processes.Select(process => which(process.Wires)).OfType<Wire>().ToList();
        if (wires.Count == 0)
            return;
        Note(hangs ? $"{who} hangs" : $"{who} is away");
        foreach (var wire in wires)
            if (hangs)
                wire.Hang();
            else
                wire.Cut();
        var (answered, failed) = (journal.Answered, journal.Failed);
        await UntilAsync(() => journal.Answered >= answered + 12 || journal.Failed > failed + 4);
        foreach (var wire in wires)
            wire.Mend();
        Tally.Outages++;
        await WorksAsync();
    }

    /// <summary>Before it takes one, with its own words or with those of something in between; and after it took one.</summary>
    private async Task CarrierRefusesAsync()
    {
        var (calls, how) = (world.Account.Calls, random.Next(3));
        Note($"the carrier refuses in its way {how}");
        switch (how)
        {
            case 0:
                world.Account.Refuses = FakeAccount.With(503, 20503);
                break;
            case 1:
                world.Account.Refuses = FakeAccount.With(500);
                break;
            default:
                world.Account.TakesAnd = FakeAccount.Resets;
                break;
        }
        await UntilAsync(() => world.Account.Calls >= calls + 2);
        (world.Account.Refuses, world.Account.TakesAnd) = (null, null);
        Tally.Outages++;
        await WorksAsync();
    }

    private async Task StopsAsync()
    {
        if (world.Processes.FirstOrDefault(process => process.Serves) is not { } process)
            return;
        Note($"{process.Name} is told to stop");
        if (await process.StopAsync() is not 0 and var code)
            journal.Wrong.Enqueue($"A process that was told to stop ended with {code}.");
        Tally.Stops++;
        _ = process.StartAsync();
        await WorksAsync();
    }

    /// <summary>It goes on with a wrong clock, and others with theirs, until it is moved again.</summary>
    private Task ClockMovesAsync()
    {
        var (process, by) = (world.Processes[random.Next(world.Processes.Count)], Moves[random.Next(Moves.Length)]);
        Note($"the clock of {process.Name} goes {by}");
        process.MoveClock(by);
        Tally.ClockJumps++;
        return Task.CompletedTask;
    }

    private async Task<ProductProcess?> SpringAsync(Point point, Func<ProductProcess, Task<bool>> springs)
    {
        var sprung = await world.Traps.SpringAsync(point, null, springs, Patience);
        if (sprung is null)
        {
            Tally.NotReached.Add(point);
            Note($"nobody got to {point}");
        }
        return sprung;
    }

    private async Task WorksAsync()
    {
        var answered = journal.Answered;
        await ServedApp.UntilAsync(() => journal.Answered >= answered + 3, "people are served again");
    }

    /// <summary>Whatever comes first: that, or the end of patience.</summary>
    private static async Task UntilAsync(Func<bool> isSo)
    {
        for (var clock = Stopwatch.StartNew(); !isSo() && clock.Elapsed < Patience;)
            await Task.Delay(50);
    }

    private List<T> Some<T>(int count, IReadOnlyList<T> of)
    {
        var all = of.ToArray();
        random.Shuffle(all);
        return [.. all.Take(count)];
    }
}
