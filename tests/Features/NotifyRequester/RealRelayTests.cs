using System.Globalization;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.Notifying;

public class RealRelayTests
{
    [Fact]
    public async Task The_requester_is_emailed_through_a_real_relay_without_a_word_about_the_patient()
    {
        var relay = Exim.Options();
        await using var app = new TestApp
        {
            Settings =
            {
                ["Email:Provider"] = "smtp",
                ["Email:Smtp:Host"] = relay.Host,
                ["Email:Smtp:Port"] = relay.Port.ToString(CultureInfo.InvariantCulture),
                ["Email:Smtp:User"] = relay.User,
                ["Email:Smtp:Password"] = relay.Password,
                ["Email:Smtp:From"] = relay.From,
            },
        };
        // Another run on the same relay may have written to her already.
        var before = (await Exim.DeliveredAsync(Scenario.AlicesEmail, atLeast: 0)).Count;
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app, "Is the rash on your Elbow gone?");
        await app.PatRepliesAsync(id, "It itches");
        await app.DoQueuedWorkAsync();
        Assert.Empty(app.SentEmails);

        var mail = (await Exim.DeliveredAsync(Scenario.AlicesEmail, before + 1)).Select(raw => new ReceivedMail(raw)).Single(mail => mail.Text.Contains($"{id:N}", StringComparison.Ordinal));

        Assert.Equal(Scenario.AlicesEmail, mail.Header("To"));
        Assert.Equal("A patient has replied to your message", mail.Header("Subject"));
        var link = mail.Text.Split('\n').Single(line => line.StartsWith("http", StringComparison.Ordinal));
        Assert.Contains("It itches", (await alice.GetAsync(link)).Text);
        Assert.All(["Test Patient", "9990000018", "999 000", "1 January", "+4477", "itch", "Elbow"], identifier => Assert.DoesNotContain(identifier, mail.Raw));
    }
}
