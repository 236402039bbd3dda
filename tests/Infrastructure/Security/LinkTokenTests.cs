using FsCheck.Fluent;
using PatientResponse.Infrastructure.Security;

namespace PatientResponse.Tests.Infrastructure.Security;

public class LinkTokenTests
{
    private const string Canonical = "0123456789abcdefghjkmnpqrs";

    [Theory]
    [InlineData("0123456789abcdefghjkmnpqrs")]
    [InlineData("0123456789ABCDEFGHJKMNPQRS")]
    [InlineData("0123-4567-89ab-cdef-ghjk-mnpq-rs")]
    [InlineData(" 0123 4567 89ab cdef ghjk mnpq rs\n")]
    [InlineData("O123456789abcdefghjkmnpqrs")]
    [InlineData("oi23456789abcdefghjkmnpqrs")]
    [InlineData("0l23456789abcdefghjkmnpqrs")]
    [InlineData("0L23–4567–89ab–cdef–ghjk–mnpq–rs")]
    [InlineData("https://reply.example.nhs.uk/r/0123456789abcdefghjkmnpqrs")]
    [InlineData("HTTPS://REPLY.EXAMPLE.NHS.UK/R/0123456789ABCDEFGHJKMNPQRS")]
    [InlineData("reply.example.nhs.uk/r/0123456789abcdefghjkmnpqrs/?x=1#top")]
    [InlineData("Please reply: https://reply.example.nhs.uk/r/0123456789abcdefghjkmnpqrs\nYou need internet to open it.")]
    [InlineData("(https://reply.example.nhs.uk/r/0123456789abcdefghjkmnpqrs).")]
    public void A_code_is_read_however_it_is_typed_and_from_a_pasted_link(string typed)
    {
        Assert.True(LinkToken.TryParse(typed, out var token));
        Assert.Equal(Canonical, token.Value);
    }

    /// <summary>What phones, mail programs and people write around a link or a code.</summary>
    [Theory]
    [InlineData("0123456789abcdefghjkmnpqrs.")]
    [InlineData("0123456789abcdefghjkmnpqrs, please")]
    [InlineData("0123456789abcdefghjkmnpqrs Thank you")]
    [InlineData("0123456789abcdefghjkmnpqrs)…»’”'\"!?;:]}>")]
    [InlineData("0123456789abcdefghjkmnpqrs%20")]
    [InlineData("0123456789abcdefghjkmnpqrs%E2%80%A6")]
    [InlineData("0123456789abcdefghjkmnpqrs%2520%250A")]
    [InlineData("0123456789abcdefghjkmnpqrs%")]
    [InlineData("0123456789abcdefghjkmnpqrs&gt;")]
    [InlineData("0123456789abcdefghjkmnpqrs\u200B\uFE0F🙂")]
    [InlineData("0123456789abcdefghjkmnpqrs/)")]
    [InlineData("0123456789abcdefghjkmnpqrs\\n")]
    [InlineData("0123456789abcdefghjkmnpqrs-thanks")]
    [InlineData("0123456789abcdefghjkmnpqrs。ありがとう")]
    [InlineData("(0123456789abcdefghjkmnpqrs)")]
    [InlineData("“0123-4567-89ab-cdef-ghjk-mnpq-rs”.")]
    [InlineData("Code: 0123-4567-89ab-cdef-ghjk-mnpq-rs")]
    [InlineData("code is 0123-4567-89ab-cdef-ghjk-mnpq-rs, thanks")]
    [InlineData("my code is 0123456789abcdefghjkmnpqrs ok")]
    [InlineData("0123 4567 89ab\ncdef ghjk mnpq rs\nThank you")]
    [InlineData("0123.4567.89ab.cdef.ghjk.mnpq.rs")]
    [InlineData("0123_4567_89ab_cdef_ghjk_mnpq_rs")]
    [InlineData("\u00A00123\u202F4567\u200B89ab\u00ADcdef\u2060ghjk\uFEFFmnpq\u001Ers")]
    [InlineData("０１２３４５６７８９ＡＢＣＤＥＦＧＨＪＫＭＮＰＱＲＳ")]
    [InlineData("٠١٢٣٤٥٦٧٨٩abcdefghjkmnpqrs")]
    [InlineData("Link: https://reply.example.nhs.uk/r/0123-4567-89ab-cdef-ghjk-mnpq-rs .")]
    [InlineData("<https://reply.example.nhs.uk/r/0123456789abcdefghjkmnpqrs>")]
    [InlineData("‘https://reply.example.nhs.uk/r/0123456789abcdefghjkmnpqrs’")]
    [InlineData("https://reply.example.nhs.uk/r/0123456789abcdefghjkmnpqrs Thank you")]
    [InlineData("https://reply.example.nhs.uk/r/0123456789abcdefghjkmnpqrs?utm_source=sms&fbclid=IwAR0123456789abcdefghjkmnpqrst")]
    [InlineData("https://reply.example.nhs.uk/r/0123456789ab\ncdefghjkmnpqrs")]
    [InlineData("> https://reply.example.nhs.uk/r/0123456789ab\r\n> cdefghjkmnpqrs\r\n> Thank you")]
    [InlineData("https://reply.example.nhs.uk/r/0123456789ab=\r\ncdefghjkmnpqrs")]
    [InlineData("https%3A%2F%2Freply.example.nhs.uk%2Fr%2F0123456789abcdefghjkmnpqrs")]
    [InlineData("https:\\\\reply.example.nhs.uk\\r\\0123456789abcdefghjkmnpqrs")]
    [InlineData("reply.example.nhs.uk / r / 0123 4567 89ab cdef ghjk mnpq rs")]
    [InlineData("reply.example.nhs.uk/\u2060r\u200B/0123456789abcdefghjkmnpqrs")]
    [InlineData("my code is 0123456789ab\u200Bcdefghjkmnpqrs ok")]
    [InlineData("https://reply.example.nhs.uk/r/…0123456789abcdefghjkmnpqrs…")]
    [InlineData("Dear Zoë, How is your knee? Demo Surgery Reply within 7 days: https://reply.example.nhs.uk/r/0123456789abcdefghjkmnpqrs You need internet to open it. Or type it on a computer.")]
    [InlineData("Reply within 7 days: https://reply.example.nhs.uk/r/0123456789abcdefghjkmnpqrsYou need internet to open it. Or type it on a computer.")]
    [InlineData("First https://reply.example.nhs.uk/r/0123 and then https://reply.example.nhs.uk/r/0123456789abcdefghjkmnpqrs")]
    public void A_code_is_read_whatever_stands_around_it(string typed)
    {
        Assert.True(LinkToken.TryParse(typed, out var token));
        Assert.Equal(Canonical, token.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0123456789abcdefghjkmnpqr")]
    [InlineData("0123456789abcdefghjkmnpqrst")]
    [InlineData("0123456789abcdefghjkmnpqru")]
    [InlineData("0123456789abcdefghjkmnpqr!")]
    [InlineData("0123456789abcdefghjkmnpqrß")]
    [InlineData("0123456789abcdefghjkmnpqrs0")]
    [InlineData("0123456789abcdefghjkmnpqrsT")]
    [InlineData("0123456789ABCDEFGHJKMNPQRSYou need internet")]
    [InlineData("0123-4567-89ab-cdef-ghjk-mnpq-r")]
    [InlineData("Thank you for your message, I will answer it tomorrow")]
    [InlineData("https://answers.greenfields-practice.org/r/")]
    [InlineData("https://reply.example.nhs.uk/r/")]
    [InlineData("https://reply.example.nhs.uk/r/0123/456789abcdefghjkmnpqrs")]
    [InlineData("https://reply.example.nhs.uk/0123456789abcdefghjkmnpqrs")]
    public void Anything_else_is_refused(string? typed)
    {
        Assert.False(LinkToken.TryParse(typed, out var token));
        Assert.Equal(default, token);
    }

    [Fact]
    public void A_token_is_grouped_in_fours_for_typing() =>
        Assert.Equal("0123-4567-89ab-cdef-ghjk-mnpq-rs", Read(Canonical).Grouped);

    [Fact]
    public void The_hash_is_the_SHA_256_of_the_canonical_text() =>
        Assert.Equal("6aab299c78d0b17077bd60f9ea95ff9c4dc6a4dfa7b3b308d01c7c187cba3709", Read(Canonical.ToUpperInvariant()).Hash);

    [Fact]
    public void A_token_does_not_show_itself_in_text() => Assert.Equal("a LinkToken", $"a {LinkToken.New()}");

    [Fact]
    public void New_tokens_differ_and_use_the_whole_alphabet()
    {
        var tokens = Enumerable.Range(0, 1000).Select(_ => LinkToken.New().Value).ToHashSet();
        Assert.Equal(1000, tokens.Count);
        Assert.All(tokens, value => Assert.Equal(26, value.Length));
        for (var place = 0; place < 26; place++)
            Assert.Equal(32, tokens.Select(value => value[place]).Distinct().Count());
    }

    [Fact]
    public void A_new_token_survives_being_read_out_and_typed() => Property.Holds(
        from spelling in Gen.Elements<Func<string, string>>(
            s => s.ToUpperInvariant(), s => s.Replace('0', 'O'), s => s.Replace('1', 'I'), s => s.Replace('1', 'l'), s => s)
        from around in Gen.Elements("{0}", " {0} ", "https://x.test/r/{0}", "https://x.test/r/{0}?a=b")
        select (spelling, around),
        x =>
        {
            var token = LinkToken.New();
            Assert.Equal(token, Read(string.Format(System.Globalization.CultureInfo.InvariantCulture, x.around, x.spelling(token.Value))));
            Assert.Equal(token, Read(x.spelling(token.Grouped)));
            Assert.Equal(token.Hash, Read(x.spelling(token.Grouped)).Hash);
        });

    [Fact]
    public void Any_text_is_a_canonical_token_or_none() => Property.HoldsForAnyText(text =>
    {
        if (LinkToken.TryParse(text, out var token))
            Assert.Matches("^[0-9a-hjkmnp-tv-z]{26}$", token.Value);
        else
            Assert.Equal("", token.Value);
    });

    private static LinkToken Read(string typed)
    {
        Assert.True(LinkToken.TryParse(typed, out var token));
        return token;
    }
}
