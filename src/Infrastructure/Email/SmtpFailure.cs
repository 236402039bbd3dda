using System.Net.Mail;
using System.Net.Sockets;
using System.Security.Authentication;
using PatientResponse.Infrastructure.Messaging;

namespace PatientResponse.Infrastructure.Email;

/// <summary>What a failed mail means (RFC 5321, 4.2.1): 4xx is for now, 5xx is for good, and no answer says nothing at all.</summary>
internal static class SmtpFailure
{
    /// <summary>421: the relay is closing. 454: no TLS or login just now. 530 to 538: it does not know us (RFC 4954), which is
    /// for an operator to put right and no fault of the mail.</summary>
    private static readonly int[] AboutUs = [421, 454, 530, 534, 535, 538];

    /// <summary>Everything else is a fault of ours.</summary>
    public static bool IsOfTheRelay(Exception e) =>
        e is SmtpException or OperationCanceledException or IOException or SocketException or AuthenticationException;

    /// <summary>It did not answer, or hung up.</summary>
    public static bool IsSilence(Exception e) => Code(e) is null;

    public static Exception Of(Exception e, string clinicianId) => Code(e) switch
    {
        null => Away(e),
        { } code when AboutUs.Contains(code) || DoesNotRelay(e) => Away(e),
        >= 500 and var code => new RefusedException($"The mail relay answered {code}", e),
        { } code => new DelayedException($"The mail relay answered {code}", e) { By = EmailDelay.Of(clinicianId) },
    };

    /// <summary>The relay's own words may name a mailbox, so they are not passed on.</summary>
    public static DelayedException Away(Exception? e) =>
        new(Code(e) is { } code ? $"The mail relay answered {code}" : $"The mail relay does not answer ({e?.GetBaseException().GetType().Name ?? "left alone for a while"})", e!)
        {
            By = EmailDelay.Everybodys,
        };

    /// <summary>A failed login goes unnoticed by <see cref="SmtpClient"/>. Some relays then refuse every recipient, in words such
    /// as "relaying denied".</summary>
    private static bool DoesNotRelay(Exception e) => e.Message.Contains("relay", StringComparison.OrdinalIgnoreCase);

    /// <summary>The relay's answer; null when there was none.</summary>
    private static int? Code(Exception? e) => e is SmtpException { StatusCode: var status } && (int)status is >= 400 and var code ? code : null;
}
