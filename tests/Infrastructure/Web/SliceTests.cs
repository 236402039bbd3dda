using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Layouts;

namespace PatientResponse.Tests.Infrastructure.Web;

public class SliceTests
{
    /// <summary>The library sends after each part, when 16 KB have gathered.</summary>
    private const int MoreThanIsGathered = 40_000;

    [Fact]
    public async Task A_page_is_sent_when_it_is_whole_so_that_its_last_line_may_still_set_a_cookie()
    {
        var (context, sent) = Request();
        var sentBefore = -1L;
        await Page.Of(new Drawn(_ =>
        {
            sentBefore = sent.Length;
            context.Response.Cookies.Append("late", "1");
        }, MoreThanIsGathered)).ExecuteAsync(context);
        Assert.Equal(0, sentBefore);
        Assert.Equal(MoreThanIsGathered, sent.Length);
    }

    [Fact]
    public async Task Of_a_page_that_fails_at_its_end_nobody_gets_the_beginning()
    {
        var (context, sent) = Request();
        var page = Page.Of(new Drawn(_ => throw new InvalidTimeZoneException(), MoreThanIsGathered), StatusCodes.Status422UnprocessableEntity);
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => page.ExecuteAsync(context));
        Assert.Equal(0, sent.Length);
        Assert.Equal(StatusCodes.Status200OK, context.Response.StatusCode);
    }

    [Fact]
    public async Task Letters_of_every_language_stay_as_they_are_and_markup_is_text()
    {
        var (context, sent) = Request();
        await Page.Of(new Drawn(page => page.Show("Zoë 李 <b>&"))).ExecuteAsync(context);
        Assert.Equal("Zoë 李 &lt;b&gt;&amp;", Encoding.UTF8.GetString(sent.ToArray()));
        Assert.Equal("text/html; charset=utf-8", context.Response.ContentType);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("", " data-x=\"\"")]
    [InlineData("a\"b", " data-x=\"a&quot;b\"")]
    public void A_data_attribute_is_left_out_only_when_there_is_none(string? value, string written)
    {
        using var writer = new StringWriter();
        Drawn.DataX(value).WriteTo(writer, HtmlText.Encoder);
        Assert.Equal(written, writer.ToString());
    }

    private static (HttpContext Context, MemoryStream Sent) Request()
    {
        var sent = new MemoryStream();
        return (new DefaultHttpContext { Response = { Body = sent } }, sent);
    }

    /// <summary>A page of so many letters, a part, and what is drawn after it.</summary>
    private sealed class Drawn : Slice<string>
    {
        private readonly Action<Drawn> _draw;
        private readonly int _letters;

        [SetsRequiredMembers]
        public Drawn(Action<Drawn> draw, int letters = 0) => (_draw, _letters, Model) = (draw, letters, "");

        public void Show(string text) => Write(text);

        public static IHtmlContent DataX(string? value) => Attribute("data-x", value);

        public override async Task ExecuteAsync()
        {
            WriteLiteral(new string('x', _letters));
            if (_letters > 0)
                await Part(new Drawn(_ => { }));
            _draw(this);
        }
    }
}
