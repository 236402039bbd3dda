using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features;

/// <summary>
/// What somebody searched for, kept for an hour, so that its address can be opened again and names nobody: addresses stay in a browser's
/// history and in logs. It opens in the session that made it and in no other.
/// </summary>
public sealed class KeptSearch : IShortLived
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    public string Id { get; set; } = "";
    public string Session { get; set; } = "";
    public string Q { get; set; } = "";
    public string Dob { get; set; } = "";
    public DateTimeOffset At { get; set; }
    public DateTimeOffset? Expires => At + Lifetime;

    /// <summary>To be saved with whatever else the request changes.</summary>
    public static KeptSearch Begin(IDocumentSession session, HttpContext context, string q, string dob, DateTimeOffset now)
    {
        var kept = new KeptSearch { Id = Guid.NewGuid().ToString("N"), Session = context.StaffSession().Id, Q = q, Dob = dob, At = now };
        session.Store(kept);
        return kept;
    }

    /// <summary>Null where there is none, or none of this session any more.</summary>
    public static async Task<KeptSearch?> FindAsync(IDocumentSession session, HttpContext context, string? id, DateTimeOffset now) =>
        Ids.Parse(id) is { } known ? Good(await session.LoadAsync<KeptSearch>(known.ToString("N"), context.RequestAborted), context, now) : null;

    /// <summary>Null for what is no id of ours.</summary>
    public static Answer<KeptSearch?>? Ask(IReading reading, string? id) => Ids.Parse(id) is { } known ? reading.Load<KeptSearch>(known.ToString("N")) : null;

    /// <summary>Null when it is too old, or another session's.</summary>
    public static KeptSearch? Good(KeptSearch? kept, HttpContext context, DateTimeOffset now) =>
        kept is not null && kept.Session == context.StaffSession().Id && !Lifetime.HasPassed(kept.At, now) ? kept : null;
}
