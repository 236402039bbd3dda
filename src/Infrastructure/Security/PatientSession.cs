using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Security;

/// <summary>What a browser may do for one conversation, after the date of birth.</summary>
/// <param name="Link">The hash of the link that was opened: a session dies with its link.</param>
/// <param name="Browser">Whose draft is whose: stays the same in this browser for 24 hours.</param>
/// <param name="Sent">The reply has gone; only its confirmation may be shown.</param>
public sealed record PatientSession(Guid ConversationId, string Link, string Browser, DateTimeOffset LastActive, bool Sent = false);

/// <summary>One session cookie for each conversation, valid under <c>/reply/{ref}</c> only, so that two links in two tabs never mix.
/// A second cookie outlives it: it opens nothing, but names the draft that this browser wrote.</summary>
public sealed class PatientSessions(IDataProtectionProvider protection, TimeProvider time, IHostEnvironment environment)
{
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);
    public static readonly TimeSpan DraftLifetime = TimeSpan.FromHours(24);

    /// <summary>Browsers take such a cookie over https only. It is bound to its page, which a <c>__Host-</c> cookie cannot be.</summary>
    private const string Secure = "__Secure-";

    private const string SessionCookie = "reply";
    private const string DraftCookie = "draft";
    private readonly IDataProtector _sessions = protection.CreateProtector("patient-session");
    private readonly IDataProtector _drafts = protection.CreateProtector("patient-draft");

    /// <summary>Begins a session, after the right date of birth.</summary>
    public void Begin(HttpContext context, string reference, Guid conversationId, string link) =>
        WriteSession(context, reference, new(conversationId, link, RandomNumberGenerator.GetHexString(32, lowercase: true), time.GetUtcNow()));

    /// <summary>The session of this browser for this conversation, its half hour begun anew; null when there is none.</summary>
    public PatientSession? Continue(HttpContext context, string reference, Guid conversationId)
    {
        if (Read<PatientSession>(context, SessionCookie, _sessions) is not { } session
            || session.ConversationId != conversationId || Idle.HasPassed(session.LastActive, time.GetUtcNow()))
            return null;
        // A browser that came back finds what it wrote: its older draft wins over the new session's own.
        session = session with { Browser = DraftOf(context, conversationId) ?? session.Browser, LastActive = time.GetUtcNow() };
        WriteSession(context, reference, session);
        if (!session.Sent)
            Set(context, reference, DraftCookie, _drafts.Protect(JsonSerializer.Serialize(new Draft(conversationId, session.Browser, time.GetUtcNow()))), DraftLifetime);
        return session;
    }

    /// <summary>Whether the browser bears a session of this page, of whatever age.</summary>
    public static bool HasAny(HttpContext context) => ValueOf(context, SessionCookie) is not null;

    /// <summary>Whether the browser bears a session of this page that is not over. It may be another conversation's: only <see cref="Continue"/> opens anything.</summary>
    public bool IsLive(HttpContext context) =>
        Read<PatientSession>(context, SessionCookie, _sessions) is { } session && time.GetUtcNow() - session.LastActive < Idle;

    /// <summary>Whether the browser bears a cookie that we gave it after a right date of birth, whenever that was.</summary>
    public bool IsKnown(HttpContext context) => Read<PatientSession>(context, SessionCookie, _sessions) is not null || Read<Draft>(context, DraftCookie, _drafts) is not null;

    /// <summary>Whose draft of this conversation this browser holds, also when its session is over; null when it has none.</summary>
    public string? DraftOf(HttpContext context, Guid conversationId) =>
        Read<Draft>(context, DraftCookie, _drafts) is { } draft
        && draft.ConversationId == conversationId && !DraftLifetime.HasPassed(draft.At, time.GetUtcNow()) ? draft.Browser : null;

    /// <summary>After the reply: the confirmation may be shown, nothing else.</summary>
    public void MarkSent(HttpContext context, string reference, PatientSession session)
    {
        WriteSession(context, reference, session with { Sent = true, LastActive = time.GetUtcNow() });
        Set(context, reference, DraftCookie, "", TimeSpan.Zero);
    }

    private void WriteSession(HttpContext context, string reference, PatientSession session) =>
        Set(context, reference, SessionCookie, _sessions.Protect(JsonSerializer.Serialize(session)), null);

    private void Set(HttpContext context, string reference, string name, string value, TimeSpan? lifetime) =>
        context.Response.Cookies.Append(environment.IsDevelopment() ? name : Secure + name, value, new CookieOptions
        {
            Path = $"/reply/{reference}",
            HttpOnly = true,
            Secure = !environment.IsDevelopment(),
            SameSite = SameSiteMode.Lax,
            IsEssential = true,
            MaxAge = lifetime,
        });

    private static T? Read<T>(HttpContext context, string name, IDataProtector protector) where T : class
    {
        if (ValueOf(context, name) is not { Length: > 0 } cookie)
            return null;
        try
        {
            return JsonSerializer.Deserialize<T>(protector.Unprotect(cookie));
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Also under the name that it had before, and has in Development: an upgrade costs nobody what they wrote.</summary>
    private static string? ValueOf(HttpContext context, string name) => context.Request.Cookies[Secure + name] ?? context.Request.Cookies[name];

    private sealed record Draft(Guid ConversationId, string Browser, DateTimeOffset At);
}
