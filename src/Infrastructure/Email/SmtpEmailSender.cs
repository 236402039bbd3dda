using System.Text;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Email;

/// <summary>Hands mail to a relay over SMTP, through TLS: one recipient a mail, because several share one answer.</summary>
public sealed class SmtpEmailSender(IOptions<SmtpOptions> options, SmtpTokens tokens, TimeProvider time) : IEmailSender
{
    /// <summary>A relay that does not answer is left alone for a while: each call to it holds up a worker that SMS wait for.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    private readonly SmtpOptions _options = options.Value;
    private long _silentAt;

    public async Task SendAsync(OutgoingEmail email, CancellationToken cancellation)
    {
        if (!Rest.HasPassed(new(Interlocked.Read(ref _silentAt), TimeSpan.Zero), time.GetUtcNow()))
            throw SmtpFailure.Away(null);
        using var message = EmailMessage.Of(email, _options.From, time.GetUtcNow());
        using var timeout = new CancellationTokenSource(_options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        // A relay in a closed network would be refused for a list that cannot be had.
        using var relay = new SmtpClient { CheckCertificateRevocation = false };
        var isOpen = false;
        try
        {
            await OpenAsync(relay, either.Token);
            isOpen = true;
            await relay.SendAsync(message, either.Token);
            // The mail is taken: nobody waits for the answer to QUIT, which could make a second one of it.
        }
        catch (Exception e) when (SmtpFailure.IsOfTheRelay(e) && !cancellation.IsCancellationRequested)
        {
            if (SmtpFailure.IsSilence(e))
                Interlocked.Exchange(ref _silentAt, time.GetUtcNow().UtcTicks);
            throw isOpen ? SmtpFailure.Of(e, email.ClinicianId, knowsUs: relay.IsAuthenticated) : SmtpFailure.Away(e);
        }
    }

    /// <summary>As far as the relay's readiness for any mail.</summary>
    private async Task OpenAsync(SmtpClient relay, CancellationToken cancellation)
    {
        await relay.ConnectAsync(_options.Host, _options.Port, _options.Tls, cancellation);
        if (_options.OAuth.IsSet)
            await SignInWithTokenAsync(relay, cancellation);
        else if (!string.IsNullOrEmpty(_options.User))
            await relay.AuthenticateAsync(Login(relay), cancellation);
    }

    /// <summary>One try with one mechanism: relays count failures and lock accounts.</summary>
    private SaslMechanism Login(SmtpClient relay) => relay.AuthenticationMechanisms.Contains("PLAIN")
        ? new SaslMechanismPlain(Encoding.UTF8, _options.User, _options.Password)
        : new SaslMechanismLogin(Encoding.UTF8, _options.User, _options.Password);

    private async Task SignInWithTokenAsync(SmtpClient relay, CancellationToken cancellation)
    {
        try
        {
            await relay.AuthenticateAsync(new SaslMechanismOAuth2(_options.User, await tokens.GetAsync(cancellation)), cancellation);
        }
        catch (AuthenticationException)
        {
            tokens.Forget(); // It may have been revoked before its time.
            throw;
        }
    }
}
