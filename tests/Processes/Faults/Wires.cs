using Npgsql;

namespace PatientResponse.Tests.Processes.Faults;

/// <summary>The wires of one process.</summary>
/// <param name="Store">Null where files are kept in a folder.</param>
internal sealed record Wires(Wire Database, Wire Carrier, Wire Relay, Wire Scanner, Wire? Store) : IDisposable
{
    /// <param name="reached">Told of each point.</param>
    public static Wires To(NpgsqlConnectionStringBuilder database, Uri carrier, int relay, int scanner, Uri? store, Func<Point, Task<bool>> reached) => new(
        new(database.Port, Spotters.Database, reached),
        new(carrier.Port, Spotters.Carrier, reached),
        new(relay, Spotters.Relay, reached),
        new(scanner, Spotters.Scanner, reached),
        store is null ? null : new(store.Port, Spotters.Store, reached));

    public IEnumerable<Wire> All => new[] { Database, Carrier, Relay, Scanner, Store }.OfType<Wire>();

    public void Dispose()
    {
        foreach (var wire in All)
            wire.Dispose();
    }
}
