using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using PatientResponse.Infrastructure.Messaging;

namespace PatientResponse.Infrastructure.Email;

/// <summary>What a failed mail means (RFC 5321, 4.2.1): 4xx is for now, 5xx is for good, and no answer says nothing at all.
/// What fails before there is a mail is an outage, whatever the code: it concerns every mail, and an operator puts it right.</summary>
internal static class SmtpFailure
{
    /// <summary>421: the relay is closing. 454: no TLS or login just now. 530 to 538: it does not know us (RFC 4954).</summary>
    private static readonly int[] AboutUs = [421, 454, 530, 534, 535, 538];

    /// <summary>Everything else is a fault of ours. (<see cref="NotSupportedException"/>: it offers no TLS or no login.)</summary>
    public static bool IsOfTheRelay(Exception e) =>
        e is SmtpCommandException or SmtpProtocolException or ServiceNotConnectedException or ServiceNotAuthenticatedException or SslHandshakeException
            or AuthenticationException or SaslException or NotSupportedException or HttpRequestException or OperationCanceledException or TimeoutException
            or IOException or SocketException;

    /// <summary>It did not answer, or hung up.</summary>
    public static bool IsSilence(Exception e) => Code(e) is null && e is not AuthenticationException;

    /// <summary>What came of a mail that a relay was ready for.</summary>
    /// <param name="knowsUs">By a login. Without one it knows us by our address, or not at all.</param>
    public static Exception Of(Exception e, string clinicianId, bool knowsUs) => Code(e) switch
    {
        null => Away(e),
        { } code when AboutUs.Contains(code) || IsAboutTheSender(e, code) || (!knowsUs && DoesNotRelay(e)) => Away(e),
        >= 500 and var code => new RefusedException($"The mail relay answered {code}", e),
        { } code => new DelayedException($"The mail relay answered {code}", e) { By = EmailDelay.Of(clinicianId) },
    };

    /// <summary>The relay's own words may name a mailbox, so they are not passed on.</summary>
    public static DelayedException Away(Exception? e) => new(Words(e), e!) { By = EmailDelay.Everybodys };

    private static string Words(Exception? e) => (e, Code(e)) switch
    {
        (AuthenticationException, _) => "The mail relay refuses the login",
        (NotSupportedException, _) => "The mail relay does not offer the TLS or the login that the settings ask for",
        (HttpRequestException, _) => "There is no access token for the mail relay",
        (_, { } code) => $"The mail relay answered {code}",
        _ => $"The mail relay does not answer ({e?.GetBaseException().GetType().Name ?? "left alone for a while"})",
    };

    /// <summary>The settings name the sender, the same for every mail. 552 is about the mail's size.</summary>
    private static bool IsAboutTheSender(Exception e, int code) => e is SmtpCommandException { ErrorCode: SmtpErrorCode.SenderNotAccepted } && code is >= 500 and not 552;

    /// <summary>A relay that knew us by our address and does so no more refuses every recipient, in words such as "relaying denied".</summary>
    private static bool DoesNotRelay(Exception e) =>
        e is SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted } && e.Message.Contains("relay", StringComparison.OrdinalIgnoreCase);

    /// <summary>The relay's answer; null when there was none.</summary>
    private static int? Code(Exception? e) => e switch
    {
        SmtpCommandException { StatusCode: var status } when (int)status >= 400 => (int)status,
        ServiceNotAuthenticatedException => 530,
        _ => null,
    };
}
