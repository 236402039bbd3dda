using System.Net.Mail;
using System.Text;
using MimeKit;
using PatientResponse.Infrastructure.Messaging;

namespace PatientResponse.Infrastructure.Email;

/// <summary>An email in the form in which relays take it (RFC 5322), in ASCII throughout.</summary>
internal static class EmailMessage
{
    /// <exception cref="RefusedException">No relay takes mail for this address.</exception>
    public static MimeMessage Of(OutgoingEmail email, string from, DateTimeOffset now)
    {
        var message = new MimeMessage { Subject = email.Subject, Date = now };
        message.From.Add(Mailbox(from) ?? throw new InvalidOperationException("Email:Smtp:From is no address."));
        message.To.Add(new MailboxAddress(null, (Mailbox(email.To) ?? throw new RefusedException("No relay takes this address.")).Address));
        message.Headers[HeaderId.MessageId] = email.MessageId;
        // RFC 3834: nobody's out-of-office reply need come back.
        message.Headers[HeaderId.AutoSubmitted] = "auto-generated";
        message.Body = new TextPart("plain") { Text = email.Text, ContentTransferEncoding = ContentEncoding.QuotedPrintable };
        return message;
    }

    /// <summary>Null for what is no address, and for a local part beyond ASCII: the library would send that to relays that do not know such names.</summary>
    public static MailboxAddress? Mailbox(string text) =>
        MailAddress.TryCreate(text, out var address) && Ascii.IsValid(address.User) && MailboxAddress.TryParse(address.Address, out var mailbox)
            ? new(Encoding.UTF8, address.DisplayName, mailbox.Address) : null;
}
