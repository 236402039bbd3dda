using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;
using PatientResponse.Infrastructure.Email;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Email;

public class SmtpEmailSenderTests
{
    private static readonly OutgoingEmail Mail = new("<one@reply.example.nhs.uk>", "alice@example.nhs.uk", "Hello", "Body", "alice");

    [Fact]
    public async Task A_mail_arrives_as_it_was_written()
    {
        var alice = Exim.Recipient("alice");
        const string subject = "Réponse à Łukasz – 返信がありました, and a subject that is longer than what fits on one line of a header";
        const string text = "Žluťoučký kůň\n.\n..two dots\nFrom here on\n\nhttps://reply.example.nhs.uk/conversations/0123456789abcdef0123456789abcdef?a=b\n";
        await SendAsync(Exim.Options(), Mail with { To = alice, Subject = subject, Text = text });

        var mail = new ReceivedMail(Assert.Single(await Exim.DeliveredAsync(alice)));

        Assert.Equal("PatientResponse <no-reply@riverside.example.nhs.uk>", mail.Header("From"));
        Assert.Equal(alice, mail.Header("To"));
        Assert.Equal(subject, mail.Header("Subject"));
        Assert.Equal(Mail.MessageId, mail.Header("Message-ID"));
        Assert.Equal("text/plain; charset=utf-8", mail.Header("Content-Type"));
        Assert.Equal("auto-generated", mail.Header("Auto-Submitted"));
        Assert.Equal(text.TrimEnd(), mail.Text.TrimEnd());
        Assert.All(mail.Raw, c => Assert.True(c < 128));
        Assert.Contains("with esmtpsa", mail.Header("Received"), StringComparison.Ordinal); // s: TLS, a: signed in.
    }

    [Fact]
    public async Task A_second_copy_of_a_mail_has_the_same_message_id()
    {
        var alice = Exim.Recipient("alice");
        await SendAsync(Exim.Options(), Mail with { To = alice });
        await SendAsync(Exim.Options(), Mail with { To = alice });

        Assert.Equal([Mail.MessageId, Mail.MessageId], (await Exim.DeliveredAsync(alice, 2)).Select(mail => new ReceivedMail(mail).Header("Message-ID")));
    }

    [Fact]
    public async Task No_subject_or_message_id_splits_a_header()
    {
        var alice = Exim.Recipient("alice");
        var eve = Exim.Recipient("eve");
        string[] nasty = [$"\r\nBcc: {eve}", $"\nBcc: {eve}", $"\rBcc: {eve}", $"\r\n\r\nBcc: {eve}", $"ü\r\nBcc: {eve}", $"a\0\u0085Bcc: {eve}", .. NaughtyStrings.All.Take(40)];
        foreach (var words in nasty)
            await SendAsync(Exim.Options(), Mail with { To = alice, Subject = "S" + words });
        await SendAsync(Exim.Options(), Mail with { To = alice, MessageId = $"<a@b>\r\nBcc: {eve}" });

        var mails = await Exim.DeliveredAsync(alice, nasty.Length + 1);

        Assert.Equal(nasty.Length + 1, mails.Count);
        Assert.All(mails, mail => Assert.Throws<KeyNotFoundException>(() => new ReceivedMail(mail).Header("Bcc")));
        Assert.Equal(nasty.Length + 1, mails.Count(mail => new ReceivedMail(mail).Text.Trim() == "Body"));
    }

    [Fact]
    public async Task A_mail_that_is_put_off_is_taken_later()
    {
        var alice = Exim.Recipient("grey");
        var delayed = await Assert.ThrowsAsync<DelayedException>(() => SendAsync(Exim.Options(), Mail with { To = alice }));
        Assert.Equal(("The mail relay answered 451", EmailDelay.Of("alice")), (delayed.Message, delayed.By));

        await SendAsync(Exim.Options(), Mail with { To = alice });
        Assert.Single(await Exim.DeliveredAsync(alice));
    }

    [Theory]
    [InlineData("full", 452)]
    [InlineData("late", 452)]
    public async Task A_full_mailbox_delays_the_mail_of_one_person(string recipient, int code)
    {
        var delayed = await Assert.ThrowsAsync<DelayedException>(() => SendAsync(Exim.Options(), Mail with { To = Exim.Recipient(recipient) }));
        Assert.Equal(($"The mail relay answered {code}", EmailDelay.Of("alice")), (delayed.Message, delayed.By));
    }

    [Theory]
    [InlineData("unknown", 550)]
    [InlineData("spam", 554)]
    public async Task What_the_relay_refuses_is_refused_for_good(string recipient, int code)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(() => SendAsync(Exim.Options(), Mail with { To = Exim.Recipient(recipient) }));
        Assert.Equal($"The mail relay answered {code}", refused.Message);
        Assert.DoesNotContain("@", refused.Message);
    }

    [Theory]
    [InlineData("no address")]
    [InlineData("ålice@example.nhs.uk")]
    [InlineData("alice@example.nhs.uk\r\nBcc: eve@example.nhs.uk")]
    public async Task What_is_no_address_is_refused_for_good(string to) =>
        await Assert.ThrowsAsync<RefusedException>(() => SendAsync(new() { Host = "localhost", Port = 1, From = "a@example.nhs.uk" }, Mail with { To = to }));

    [Fact]
    public async Task A_relay_that_is_closing_delays_everybodys_mail() =>
        Assert.Equal(EmailDelay.Everybodys, (await Assert.ThrowsAsync<DelayedException>(() => SendAsync(Exim.Options(), Mail with { To = Exim.Recipient("busy") }))).By);

    [Theory]
    [InlineData("no-reply@riverside.example.nhs.uk")]
    [InlineData("stranger@riverside.example.nhs.uk")]
    public async Task A_wrong_password_delays_everybodys_mail_and_refuses_none(string from)
    {
        var options = Exim.Options();
        (options.Password, options.From) = ("wrong", from);

        var delayed = await Assert.ThrowsAsync<DelayedException>(() => SendAsync(options, Mail with { To = Exim.Recipient("alice") }));

        Assert.Equal(("The mail relay refuses the login", EmailDelay.Everybodys), (delayed.Message, delayed.By));
        Assert.DoesNotContain("wrong", delayed.ToString());
    }

    [Fact]
    public async Task A_certificate_that_nobody_trusts_is_not_spoken_to()
    {
        var options = Exim.Options();
        options.Port = Exim.OtherPort;
        var alice = Exim.Recipient("alice");

        var delayed = await Assert.ThrowsAsync<DelayedException>(() => SendAsync(options, Mail with { To = alice }));

        Assert.Equal(("The mail relay does not answer (AuthenticationException)", EmailDelay.Everybodys), (delayed.Message, delayed.By));
        Assert.Empty(await Exim.DeliveredAsync(alice, atLeast: 0));
    }

    [Fact]
    public async Task A_certificate_of_another_name_is_not_spoken_to()
    {
        var options = Exim.Options();
        options.Host = "127.0.0.1"; // The certificate says localhost.

        var delayed = await Assert.ThrowsAsync<DelayedException>(() => SendAsync(options, Mail with { To = Exim.Recipient("alice") }));

        Assert.Contains("AuthenticationException", delayed.Message);
    }

    [Fact]
    public async Task A_relay_that_takes_its_time_in_mid_mail_delays_everybodys_mail()
    {
        var options = Exim.Options();
        options.Timeout = TimeSpan.FromSeconds(2);
        Assert.Equal(EmailDelay.Everybodys, (await Assert.ThrowsAsync<DelayedException>(() => SendAsync(options, Mail with { To = Exim.Recipient("slow") }))).By);
    }

    [Fact]
    public async Task A_relay_that_says_nothing_is_left_alone_for_a_while()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var time = new FakeTime();
        var sender = Sender(To(listener), time);
        Assert.Equal(EmailDelay.Everybodys, (await FailsInTimeAsync(sender, time)).By);
        Assert.True(listener.Pending());
        (await listener.AcceptTcpClientAsync()).Dispose();

        Assert.Contains("left alone", (await Assert.ThrowsAsync<DelayedException>(() => sender.SendAsync(Mail, default))).Message);
        Assert.False(listener.Pending());

        time.Advance(TimeSpan.FromSeconds(30));
        await FailsInTimeAsync(sender, time);
        Assert.True(listener.Pending());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("220 relay\r\n")]
    [InlineData("421 no service here\r\n")]
    [InlineData("554 no service here\r\n")]
    [InlineData("220 relay\r\n250 relay, without STARTTLS\r\n")]
    public async Task A_relay_that_is_down_hangs_up_or_has_no_TLS_delays_everybodys_mail_and_gets_none(string? says)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var heard = says is null ? Task.FromResult("") : SpeakAsync(listener, says);
        var options = To(listener);
        if (says is null)
            listener.Stop();

        Assert.Equal(EmailDelay.Everybodys, (await Assert.ThrowsAsync<DelayedException>(() => SendAsync(options, Mail))).By);

        Assert.DoesNotContain("MAIL FROM", await heard);
    }

    private static SmtpOptions To(TcpListener listener) => new()
    {
        Host = "localhost",
        Port = ((IPEndPoint)listener.LocalEndpoint).Port,
        From = "a@example.nhs.uk",
        User = "app",
        Password = "secret",
        Timeout = TimeSpan.FromSeconds(1),
    };

    /// <summary>Says one line for each that it is told, then hangs up; returns what it was told.</summary>
    private static async Task<string> SpeakAsync(TcpListener listener, string says)
    {
        using var client = await listener.AcceptTcpClientAsync();
        using var stream = client.GetStream();
        var heard = new StringBuilder();
        var buffer = new byte[4096];
        foreach (var line in says.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
            heard.Append(Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer)));
        }
        return heard.ToString();
    }

    /// <summary>The relay is real, and so is its time.</summary>
    private static Task SendAsync(SmtpOptions options, OutgoingEmail mail) => Sender(options, TimeProvider.System).SendAsync(mail, default);

    private static SmtpEmailSender Sender(SmtpOptions options, TimeProvider time) =>
        new(Options.Create(options), new SmtpTokens(new TokenServer(), Options.Create(options), time), time);

    private static async Task<DelayedException> FailsInTimeAsync(SmtpEmailSender sender, FakeTime time) =>
        await time.PassUntilAsync(Assert.ThrowsAsync<DelayedException>(() => sender.SendAsync(Mail, default)));
}
