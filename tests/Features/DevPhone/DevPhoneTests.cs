using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using PatientResponse.Infrastructure.Email;
using PatientResponse.Infrastructure.Messaging;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.DevPhone;

/// <summary>The made-up phone and mailbox on which a newcomer plays the patient.</summary>
public class DevPhoneTests
{
    [Fact]
    public async Task An_empty_phone_says_how_to_get_a_message()
    {
        await using var app = new TestApp();

        var page = await app.NewBrowser().GetAsync("/dev/phone");

        Assert.Equal((HttpStatusCode.OK, "Demo phone"), (page.Status, page.Heading));
        Assert.Contains("No messages yet. Sign in, find the test patient", page.Text, StringComparison.Ordinal);
        Assert.Equal("[]", (await app.NewBrowser().GetAsync("/dev/phone", ("Accept", "application/json"))).Source);
    }

    [Fact]
    public async Task The_newest_message_is_on_top_and_its_link_opens_in_a_new_tab()
    {
        await using var app = new TestApp();
        app.Settings["PublicUrl"] = "https://reply.example.nhs.uk";
        await TextAsync(app, "Please reply:\nhttps://reply.example.nhs.uk/r/abc.");
        app.Time.Advance(TimeSpan.FromMinutes(5));
        await EmailAsync(app, "You have a reply", "https://reply.example.nhs.uk/conversations/1");

        var page = await app.NewBrowser().GetAsync("/dev/phone");

        var items = page.Html.QuerySelectorAll(".app-phone__item");
        Assert.Equal(2, items.Length);
        Assert.Contains("Email to alice@example.nhs.uk", Folded(items[0].TextContent), StringComparison.Ordinal);
        Assert.Contains("2 March 2026, 9:35am You have a reply", Folded(items[0].TextContent), StringComparison.Ordinal);
        Assert.Contains("Text message to +447700900001 2 March 2026, 9:30am Please reply: https://reply.example.nhs.uk/r/abc.", Folded(items[1].TextContent), StringComparison.Ordinal);
        var link = items[1].QuerySelector("a")!;
        Assert.Equal(("https://reply.example.nhs.uk/r/abc", "_blank", "noopener"), (link.GetAttribute("href"), link.GetAttribute("target"), link.GetAttribute("rel")));
    }

    [Fact]
    public async Task Scripts_read_the_messages_as_JSON_newest_first()
    {
        await using var app = new TestApp();
        await TextAsync(app, "Zażółć 😀");
        app.Time.Advance(TimeSpan.FromMinutes(5));
        await EmailAsync(app, "You have a reply", "Open it");

        var answer = await app.NewBrowser().GetAsync("/dev/phone", ("Accept", "application/json"));

        Assert.Equal("application/json", answer.Response.Content.Headers.ContentType!.MediaType);
        var messages = JsonDocument.Parse(answer.Source).RootElement;
        Assert.Equal(["channel", "to", "subject", "text", "at"], messages[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal(("email", "alice@example.nhs.uk", "You have a reply", "Open it"),
            (Read(messages[0], "channel"), Read(messages[0], "to"), Read(messages[0], "subject"), Read(messages[0], "text")));
        Assert.Equal(("sms", "+447700900001", null, "Zażółć 😀"),
            (Read(messages[1], "channel"), Read(messages[1], "to"), Read(messages[1], "subject"), Read(messages[1], "text")));
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 9, 30, 0, TimeSpan.Zero), messages[1].GetProperty("at").GetDateTimeOffset());
    }

    [Fact]
    public async Task The_page_fetches_the_list_again_only_when_there_is_something_new()
    {
        await using var app = new TestApp();
        var browser = app.NewBrowser();
        var polling = (await browser.GetAsync("/dev/phone")).Html.QuerySelector("[hx-trigger='every 2s']")!;
        Assert.Equal("""{"X-Background-Refresh":"1"}""", polling.GetAttribute("hx-headers"));
        var address = polling.GetAttribute("hx-get")!;
        Assert.Equal(HttpStatusCode.NoContent, (await browser.GetAsync(address, ("HX-Request", "true"))).Status);

        await TextAsync(app, "Hello");

        var list = await browser.GetAsync(address, ("HX-Request", "true"));
        Assert.DoesNotContain("<html", list.Source, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Hello", list.Text, StringComparison.Ordinal);
        Assert.NotEqual(address, list.Html.QuerySelector("[hx-trigger='every 2s']")!.GetAttribute("hx-get"));
    }

    [Fact]
    public async Task Without_JavaScript_a_link_looks_for_new_messages()
    {
        await using var app = new TestApp();
        var page = await app.NewBrowser().GetAsync("/dev/phone");
        Assert.Contains("""<noscript><p><a href="/dev/phone">Look for new messages</a></p></noscript>""", page.Source, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_a_message_says_it_is_text()
    {
        await using var app = new TestApp();
        foreach (var text in NaughtyStrings.All)
            app.Services.GetRequiredService<CapturedMessages>().Add(new("sms", text, text, PlainText.Clean(text), app.Time.GetUtcNow()));

        var page = await app.NewBrowser().GetAsync("/dev/phone");

        var texts = page.Html.QuerySelectorAll(".app-sms").Select(message => message.TextContent).Reverse();
        Assert.Equal(NaughtyStrings.All.Select(PlainText.Clean), texts);
        Assert.Empty(page.Html.QuerySelectorAll("main script, main img, main iframe, .app-phone__item a"));
    }

    [Fact]
    public async Task Outside_Development_there_is_no_such_page()
    {
        await using var app = new ProductionApp();

        Assert.Equal(HttpStatusCode.OK, (await app.NewBrowser().GetAsync("/favicon.svg")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.NewBrowser().GetAsync("/dev/phone")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.NewBrowser().GetAsync("/dev/phone", ("Accept", "application/json"))).Status);
    }

    private static Task<SmsOutcome> TextAsync(TestApp app, string text) =>
        app.Services.GetRequiredService<ISmsSender>().SendAsync(new(Guid.NewGuid(), "+447700900001", text), CancellationToken.None);

    private static Task EmailAsync(TestApp app, string subject, string text) =>
        app.Services.GetRequiredService<IEmailSender>().SendAsync(new("1@example.nhs.uk", "alice@example.nhs.uk", subject, text), CancellationToken.None);

    private static string Folded(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string? Read(JsonElement message, string property) => message.GetProperty(property).GetString();

    private sealed class ProductionApp : TestApp
    {
        public ProductionApp()
        {
            Settings["PublicUrl"] = "https://reply.example.nhs.uk";
            Settings["Encryption:MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
            Settings["Sms:Provider"] = "twilio";
            Settings["Twilio:AccountSid"] = "AC0123456789abcdef0123456789abcdef";
            Settings["Twilio:AuthToken"] = "secret";
            Settings["Twilio:From"] = "Riverside";
            Settings["Email:Provider"] = "smtp";
            Settings["Retention:Days"] = "keep";
            Settings["SignIn:RequireSecondFactor"] = "true";
            Settings["Email:Smtp:Host"] = "mail.example.nhs.uk";
            Settings["Email:Smtp:From"] = "no-reply@example.nhs.uk";
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.UseEnvironment("Production");
        }
    }
}
