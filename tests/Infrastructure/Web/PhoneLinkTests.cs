using AngleSharp.Dom;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Parts;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Web;

public sealed class PhoneLinkTests : IAsyncDisposable
{
    private readonly TestApp _app = new();

    public PhoneLinkTests() => _app.Settings["Languages:Offered"] = "en,cy,en-x-pseudo";

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("01632 960123", "<a href=\"tel:01632960123\">01632 960123</a>")]
    [InlineData("016977 2345", "<a href=\"tel:0169772345\">016977 2345</a>")]
    [InlineData("(01632) 960-123", "<a href=\"tel:01632960123\">(01632) 960-123</a>")]
    [InlineData("01632\u00A0960\u2013123", "<a href=\"tel:01632960123\">01632&#xA0;960\u2013123</a>")]
    [InlineData("+44 (0)1632 960123", "<a href=\"tel:+441632960123\">&#x2B;44 (0)1632 960123</a>")]
    [InlineData("01632 960123 ext 12", "<a href=\"tel:01632960123\">01632 960123</a> ext 12")]
    [InlineData("01632 960123 or 01632 960124", "<a href=\"tel:01632960123\">01632 960123</a> or <a href=\"tel:01632960124\">01632 960124</a>")]
    [InlineData("0300 123 4567 (8am to 6pm)", "<a href=\"tel:03001234567\">0300 123 4567</a> (8am to 6pm)")]
    [InlineData("reception, <b>1st</b> floor", "reception, &lt;b&gt;1st&lt;/b&gt; floor")]
    [InlineData("0163296012345", "0163296012345")]
    [InlineData("960123", "960123")]
    [InlineData("", "")]
    public void A_number_can_be_called_and_all_else_stays_text(string phone, string markup) => Assert.Equal(markup, PhoneLink.Of(phone).Value);

    [Theory]
    [InlineData("en")]
    [InlineData("cy")]
    [InlineData("en-x-pseudo")]
    public async Task Every_number_on_a_page_for_patients_can_be_called(string language)
    {
        var request = await _app.AliceAsksAsync("Please phone 01632 960777 or 111 if it gets worse.");
        var pat = _app.NewBrowser();
        await pat.GetAsync("/?language=" + language);
        await CanBeCalledAsync("/", "111", "999");
        await CanBeCalledAsync("/about-messages", "111", "999");
        await CanBeCalledAsync("/r/00000000000000000000000000", "111", "999");
        await CanBeCalledAsync(request.Link, "111", "999");
        await pat.GivesDateOfBirthAsync(2, 2, 1980);
        CanBeCalled("01632 960001", "111", "999");
        await pat.GivesDateOfBirthAsync(1, 1, 1980);
        CanBeCalled("01632 960001", "111", "999");
        Assert.Contains("Please phone 01632 960777 or 111 if it gets worse.", pat.Page.Html.QuerySelector(".app-message")!.InnerHtml, StringComparison.Ordinal);
        await pat.AnswersAsync("Better");
        CanBeCalled("01632 960001", "111", "999");
        await CanBeCalledAsync(request.Link, "01632 960001", "111", "999");
        var locked = await _app.AliceAsksAsync();
        await _app.SomebodyLocksAsync(locked.Link);
        await CanBeCalledAsync(locked.Link, "01632 960001", "111", "999");
        await pat.SubmitAsync("form[action$='/new-link']");
        CanBeCalled("01632 960001", "111", "999");
        await pat.OpenAsync(new(HttpMethod.Put, "http://localhost/about-messages"));
        CanBeCalled("111", "999");

        async Task CanBeCalledAsync(string address, params string[] numbers)
        {
            await pat.GetAsync(address);
            CanBeCalled(numbers);
        }

        void CanBeCalled(params string[] numbers)
        {
            var main = (IElement)pat.Page.Html.QuerySelector("main")!.Clone();
            Assert.Equal(numbers.Order(), main.QuerySelectorAll("a[href^='tel:']").Select(link => link.TextContent).Distinct().Order());
            Assert.All(main.QuerySelectorAll("a[href^='tel:']"), link => Assert.Equal("tel:" + link.TextContent.Replace(" ", "", StringComparison.Ordinal), link.GetAttribute("href")));
            foreach (var element in main.QuerySelectorAll("a[href^='tel:'], .app-message, .app-code"))
                element.Remove();
            Assert.All(["111", "999", "01632"], number => Assert.DoesNotContain(number, main.TextContent, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_practice_s_name_with_a_number_or_markup_in_it_stays_text()
    {
        await _app.WithAsync<IDocumentSession, bool>(async session =>
        {
            session.Store((await session.LoadAsync<Practice>("demo"))! with { Name = "Ward 01632 960555 <i>{0}</i>" });
            await session.SaveChangesAsync();
            return true;
        });
        var request = await _app.AliceAsksAsync();
        var pat = await _app.PatOpensAsync(request.Link);
        Assert.Contains("If you need help soon, phone Ward 01632 960555 <i>{0}</i> on 01632 960001.", pat.Page.Text, StringComparison.Ordinal);
        Assert.Null(pat.Page.Html.QuerySelector("main i, a[href*='960555']"));
    }

    [Fact]
    public async Task Text_messages_and_emails_hold_no_markup()
    {
        var request = await _app.AliceAsksAsync();
        await _app.SomebodyLocksAsync(request.Link);
        await _app.DoQueuedWorkAsync();
        Assert.NotEmpty(_app.SentEmails);
        Assert.All(_app.Sent, message => Assert.DoesNotContain("tel:", message.Text, StringComparison.Ordinal));
    }
}
