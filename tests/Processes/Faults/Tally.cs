namespace PatientResponse.Tests.Processes.Faults;

/// <summary>What was done to the product.</summary>
internal sealed record Tally
{
    public int Kills { get; set; }
    public int Pauses { get; set; }
    public int Cuts { get; set; }
    public int DatabaseRestarts { get; set; }
    public int Outages { get; set; }
    public int FullDisks { get; set; }
    public int ClockJumps { get; set; }
    public int Stops { get; set; }

    /// <summary>Traps that nobody fell into.</summary>
    public List<Point> NotReached { get; } = [];

    public override string ToString() =>
        $"{Kills} kills, {Pauses} pauses, {Cuts} connections cut, {DatabaseRestarts} restarts of PostgreSQL, {Outages} outages of others, {FullDisks} full disks, {ClockJumps} clocks moved, {Stops} stops in good order"
        + (NotReached.Count == 0 ? "" : $" (not reached: {string.Join(", ", NotReached)})");
}
