using Dapper;
using Npgsql;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>What one process does at a time, however many copies there are.</summary>
public static class Turn
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Waits for whoever has the turn, and holds it until the transaction ends. The server ends the transaction of a holder that stands
    /// still, such as one whose machine is paused: the others would wait for as long as its connection lasts.</summary>
    /// <param name="of">Any fixed number, another one for everything that is done in turn.</param>
    /// <param name="patience">For how long a holder may ask the server nothing; a minute where it is not said.</param>
    public static async Task TakeTurnAsync(this NpgsqlConnection connection, long of, NpgsqlTransaction transaction, TimeSpan? patience = null)
    {
        await connection.ExecuteAsync($"set local idle_in_transaction_session_timeout = {(patience ?? Patience).TotalMilliseconds:0}", transaction: transaction);
        await connection.ExecuteAsync("select pg_advisory_xact_lock(@of)", new { of }, transaction, commandTimeout: 0);
    }
}
