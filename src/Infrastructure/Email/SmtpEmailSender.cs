using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Microsoft.Extensions.Options;
using PatientResponse.Infrastructure.Messaging;

namespace PatientResponse.Infrastructure.Email;

/// <summary>Hands mail to a relay over SMTP with STARTTLS: one recipient a mail, because several share one answer.</summary>
public sealed class SmtpEmailSender(IOptions<SmtpOptions> options, TimeProvider time) : IEmailSender
{
    /// <summary>A relay that does not answer is left alone for a while: each call to it holds up a worker that SMS wait for.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    private readonly SmtpOptions _options = options.Value;
    private long _restUntil;

    public async Task SendAsync(OutgoingEmail email, CancellationToken cancellation)
    {
        if (time.GetUtcNow().UtcTicks < Interlocked.Read(ref _restUntil))
            throw SmtpFailure.Away(null);
        using var message = Compose(email);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(_options.Timeout);
        using var client = new SmtpClient(_options.Host, _options.Port)
        {
            EnableSsl = !_options.Plain,
            Credentials = string.IsNullOrEmpty(_options.User) ? null : new NetworkCredential(_options.User, _options.Password),
        };
        try
        {
            await client.SendMailAsync(message, timeout.Token);
        }
        catch (Exception e) when (SmtpFailure.IsOfTheRelay(e) && !cancellation.IsCancellationRequested)
        {
            if (SmtpFailure.IsSilence(e))
                Interlocked.Exchange(ref _restUntil, (time.GetUtcNow() + Rest).UtcTicks);
            throw SmtpFailure.Of(e, email.ClinicianId);
        }
    }

    private MailMessage Compose(OutgoingEmail email)
    {
        if (!MailAddress.TryCreate(email.To, out var to) || !Ascii.IsValid(to.User))
            throw new RefusedException("No relay takes this address.");
        var message = new MailMessage(new MailAddress(_options.From), new MailAddress(to.Address))
        {
            Subject = OneLine(email.Subject),
            SubjectEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
            Body = email.Text,
            BodyEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncoding.QuotedPrintable,
        };
        message.Headers["Message-ID"] = OneLine(email.MessageId);
        // RFC 3834: nobody's out-of-office reply need come back.
        message.Headers["Auto-Submitted"] = "auto-generated";
        return message;
    }

    /// <summary>A line end in a header would begin another one.</summary>
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
