using Microsoft.Extensions.Options;
using PatientResponse.Infrastructure.Email;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Email;

/// <summary>How the sender and a relay come to trust each other, and what is the settings' fault and not the mail's.</summary>
public sealed class RelayTlsAndLoginTests : IDisposable
{
    private static readonly OutgoingEmail Mail = new("<one@reply.example.nhs.uk>", "alice@example.nhs.uk", "Hello", "Body", "alice");

    private readonly RelayInClear _relay = new();

    public void Dispose() => _relay.Dispose();

    [Fact]
    public async Task A_relay_without_TLS_gets_neither_the_password_nor_a_mail()
    {
        await SendAsync(_relay.Options(plain: true));
        Assert.Equal((1, 1), (_relay.Commands("AUTH"), _relay.Commands("DATA"))); // In clear it would take both.
        _relay.Heard.Clear();

        var delayed = await Assert.ThrowsAsync<DelayedException>(() => SendAsync(_relay.Options(plain: false)));

        Assert.Equal(("The mail relay does not offer the TLS or the login that the settings ask for", EmailDelay.Everybodys), (delayed.Message, delayed.By));
        Assert.Equal(["EHLO"], _relay.Heard.Select(line => line.Split(' ')[0]));
    }

    [Theory]
    [InlineData("454 4.7.0 not just now")]
    [InlineData("502 5.5.1 no such command")]
    public async Task A_relay_that_takes_STARTTLS_back_gets_neither_the_password_nor_a_mail(string answer)
    {
        using var relay = new RelayInClear { Offers = "250-here\r\n250-STARTTLS\r\n250 AUTH PLAIN", Answers = { ["STARTTLS"] = answer } };

        var delayed = await Assert.ThrowsAsync<DelayedException>(() => SendAsync(relay.Options(plain: false)));

        Assert.Equal(EmailDelay.Everybodys, delayed.By);
        Assert.Equal(["EHLO", "STARTTLS"], relay.Heard.Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public async Task Where_TLS_has_to_begin_with_the_first_byte_a_relay_in_clear_hears_no_command()
    {
        var options = _relay.Options(plain: false);
        options.ImplicitTls = true;

        Assert.Equal(EmailDelay.Everybodys, (await Assert.ThrowsAsync<DelayedException>(() => SendAsync(options))).By);

        Assert.DoesNotContain(_relay.Heard, line => line.StartsWith("EHLO", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_relay_with_TLS_from_the_first_byte_and_AUTH_PLAIN_delivers()
    {
        var (options, alice) = (Exim.Options(), Exim.Recipient("alice"));
        (options.Port, options.ImplicitTls) = (Exim.TlsPort, true);

        await SendAsync(options, Mail with { To = alice });

        var received = new ReceivedMail(Assert.Single(await Exim.DeliveredAsync(alice))).Header("Received");
        Assert.Contains("with esmtpsa", received, StringComparison.Ordinal); // s: TLS, a: signed in.
    }

    [Fact]
    public async Task A_login_is_tried_once_because_relays_lock_accounts()
    {
        _relay.Answers["AUTH"] = "535 5.7.8 no";

        var delayed = await Assert.ThrowsAsync<DelayedException>(() => SendAsync(_relay.Options(plain: true)));

        Assert.Equal(("The mail relay refuses the login", EmailDelay.Everybodys), (delayed.Message, delayed.By));
        Assert.Equal((1, 0), (_relay.Commands("AUTH"), _relay.Commands("MAIL")));
    }

    [Fact]
    public async Task A_relay_that_offers_no_login_gets_no_mail_from_us_unknown()
    {
        using var relay = new RelayInClear { Offers = "250 here" };

        var delayed = await Assert.ThrowsAsync<DelayedException>(() => SendAsync(relay.Options(plain: true)));

        Assert.Equal(EmailDelay.Everybodys, delayed.By);
        Assert.Equal(0, relay.Commands("MAIL"));
    }

    [Fact]
    public async Task Nobody_waits_for_a_relay_s_farewell_when_it_has_taken_the_mail()
    {
        await SendAsync(_relay.Options(plain: true)).WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(1, _relay.Commands("DATA"));
    }

    [Theory]
    [InlineData("MAIL", "553 5.7.1 not your address", true)]
    [InlineData("MAIL", "550 5.7.60 may not send as this", true)]
    [InlineData("MAIL", "552 5.3.4 too big", false)]
    [InlineData("RCPT", "550 5.7.1 relaying denied", false)]
    [InlineData("RCPT", "553 5.1.3 no such address", false)]
    public async Task A_sender_that_the_relay_refuses_is_everybodys_and_a_recipient_is_one_person_s(string command, string answer, bool everybodys)
    {
        _relay.Answers[command] = answer;

        var failed = await Record.ExceptionAsync(() => SendAsync(_relay.Options(plain: true)));

        if (everybodys)
            Assert.Equal(EmailDelay.Everybodys, Assert.IsType<DelayedException>(failed).By);
        else
            Assert.IsType<RefusedException>(failed);
    }

    [Fact]
    public async Task A_relay_that_knows_us_by_our_address_no_more_delays_everybodys_mail()
    {
        _relay.Answers["RCPT"] = "554 5.7.1 <alice@example.nhs.uk>: Relay access denied";
        var options = _relay.Options(plain: true);
        (options.User, options.Password) = ("", "");

        Assert.Equal(EmailDelay.Everybodys, (await Assert.ThrowsAsync<DelayedException>(() => SendAsync(options))).By);

        _relay.Answers["RCPT"] = "550 5.1.1 no such user";
        await Assert.ThrowsAsync<RefusedException>(() => SendAsync(options));
    }

    [Fact]
    public async Task With_access_tokens_one_serves_until_it_ends_or_the_relay_refuses_it()
    {
        var options = Exim.Options();
        (options.Password, options.OAuth) = ("", new() { TokenUrl = TokenServer.Address, ClientId = "us", ClientSecret = "s3cret", Scope = "mail" });
        var (alice, time) = (Exim.Recipient("alice"), new FakeTime());
        var server = new TokenServer { Body = """{"access_token":"it-is-app","token_type":"Bearer","expires_in":3600}""" };
        var sender = new SmtpEmailSender(Options.Create(options), new SmtpTokens(server, Options.Create(options), time), time);

        await sender.SendAsync(Mail with { To = alice }, default);
        time.Advance(TimeSpan.FromMinutes(57));
        await sender.SendAsync(Mail with { To = alice }, default);
        Assert.Equal(["grant_type=client_credentials&client_id=us&client_secret=s3cret&scope=mail"], server.Asked);
        Assert.Contains("with esmtpsa", new ReceivedMail((await Exim.DeliveredAsync(alice, 2))[0]).Header("Received"), StringComparison.Ordinal);

        time.Advance(TimeSpan.FromMinutes(1));
        server.Body = """{"access_token":"somebody-else","expires_in":"3600"}""";
        var delayed = await Assert.ThrowsAsync<DelayedException>(() => sender.SendAsync(Mail with { To = alice }, default));
        Assert.Equal(("The mail relay refuses the login", EmailDelay.Everybodys), (delayed.Message, delayed.By));

        server.Body = """{"access_token":"it-is-app"}""";
        await sender.SendAsync(Mail with { To = alice }, default);
        Assert.Equal(3, server.Asked.Count);
        Assert.Equal(3, (await Exim.DeliveredAsync(alice, 3)).Count);
    }

    [Theory]
    [InlineData(401, """{"error":"invalid_client"}""")]
    [InlineData(302, "")]
    [InlineData(200, "<h1>Sign in</h1>")]
    [InlineData(200, "null")]
    [InlineData(200, "{}")]
    [InlineData(200, """{"access_token":""}""")]
    [InlineData(200, """{"access_token":["it-is-app"]}""")]
    public async Task Without_an_access_token_everybodys_mail_waits_and_no_secret_is_told(int status, string body)
    {
        var options = _relay.Options(plain: true);
        (options.Password, options.OAuth) = ("", new() { TokenUrl = TokenServer.Address, ClientId = "us", ClientSecret = "s3cret" });
        var server = new TokenServer { Status = status, Body = body };
        var sender = new SmtpEmailSender(Options.Create(options), new SmtpTokens(server, Options.Create(options), TimeProvider.System), TimeProvider.System);

        var delayed = await Assert.ThrowsAsync<DelayedException>(() => sender.SendAsync(Mail, default));

        Assert.Equal(("There is no access token for the mail relay", EmailDelay.Everybodys), (delayed.Message, delayed.By));
        Assert.DoesNotContain("s3cret", delayed.ToString());
        Assert.Equal(0, _relay.Commands("MAIL"));
    }

    [Fact]
    public async Task What_people_type_for_an_address_goes_to_the_relay_or_is_refused_and_never_fails_otherwise()
    {
        foreach (var to in NaughtyStrings.All)
        {
            _relay.Heard.Clear();
            if (await Record.ExceptionAsync(() => SendAsync(_relay.Options(plain: true), Mail with { To = to })) is { } failed)
                Assert.IsType<RefusedException>(failed);
            Assert.All(_relay.Heard, line => Assert.True(line.All(char.IsAscii), line));
            Assert.True(_relay.Commands("RCPT") <= 1, to);
        }
    }

    private static Task SendAsync(SmtpOptions options, OutgoingEmail? mail = null) =>
        new SmtpEmailSender(Options.Create(options), new SmtpTokens(new TokenServer(), Options.Create(options), TimeProvider.System), TimeProvider.System).SendAsync(mail ?? Mail, default);
}
