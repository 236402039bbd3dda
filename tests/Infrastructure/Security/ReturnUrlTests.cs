using FsCheck.Fluent;
using PatientResponse.Infrastructure.Security;

namespace PatientResponse.Tests.Infrastructure.Security;

public class ReturnUrlTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/account")]
    [InlineData("/conversations/0123456789abcdef0123456789abcdef")]
    [InlineData("/patients?q=Jane%20Doe&dob=1980-01-01")]
    [InlineData("/patients?q=//evil.example")]
    [InlineData("/conversations/1/files/2#top")]
    public void An_address_of_this_site_is_kept(string address) => Assert.Equal(address, ReturnUrl.Local(address));

    /// <summary>Who decodes to the end works for hours on a megabyte of it.</summary>
    [Fact]
    public void An_address_that_was_encoded_more_often_than_any_proxy_does_is_none_of_this_site()
    {
        // The premise: what one or two proxies have encoded is kept.
        Assert.Equal("/%252541ccount", ReturnUrl.Local("/%252541ccount"));
        Assert.Equal("/conversations", ReturnUrl.Local("/%25252541ccount"));
        Assert.Equal("/conversations", ReturnUrl.Local("/%" + string.Concat(Enumerable.Repeat("25", 500_000))));
        Assert.Equal("/" + new string('a', 1_999), ReturnUrl.Local("/" + new string('a', 1_999)));
        Assert.Equal("/conversations", ReturnUrl.Local("/" + new string('a', 2_000)));
    }

    [Theory]
    [InlineData("/patients?q=Jane%20Doe&dob=1980-01-01", "/sign-in?returnUrl=%2Fpatients")]
    [InlineData("/patients?Q=Jane&search=1", "/sign-in?returnUrl=%2Fpatients%3Fsearch%3D1")]
    [InlineData("/conversations?state=done&%71=Jane", "/sign-in?returnUrl=%2Fconversations%3Fstate%3Ddone")]
    [InlineData("/conversations/1?from=/sign-in", "/sign-in?returnUrl=%2Fconversations%2F1%3Ffrom%3D%2Fsign-in")]
    [InlineData("/", "/sign-in?returnUrl=%2F")]
    public void The_way_back_from_sign_in_names_nobody_who_was_searched_for(string address, string signIn) => Assert.Equal(signIn, ReturnUrl.SignIn(address));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("account")]
    [InlineData("//evil.example")]
    [InlineData("///evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("\\/evil.example")]
    [InlineData("https:evil.example")]
    [InlineData("https:/evil.example")]
    [InlineData("https://evil.example/conversations")]
    [InlineData("HTTPS://evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("/%2f/evil.example")]
    [InlineData("/%2F%2Fevil.example")]
    [InlineData("/%5cevil.example")]
    [InlineData("/%5Cevil.example")]
    [InlineData("/%252fevil.example")]
    [InlineData("/%25255cevil.example")]
    [InlineData("/.//evil.example")]
    [InlineData("/..//evil.example")]
    [InlineData("/%2e%2e/evil.example")]
    [InlineData("/account/..//evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("\t//evil.example")]
    [InlineData(" //evil.example")]
    [InlineData("/\n/evil.example")]
    [InlineData("/\r\nLocation: https://evil.example")]
    [InlineData("/%0d%0aLocation:%20https://evil.example")]
    [InlineData("/\0/evil.example")]
    [InlineData("/\u0085/evil.example")]
    [InlineData("/\u2028evil")]
    [InlineData("/／evil.example")]
    [InlineData("//user@evil.example")]
    [InlineData("@evil.example")]
    [InlineData("?returnUrl=//evil.example")]
    public void Anything_else_leads_to_my_conversations(string? address) => Assert.Equal("/conversations", ReturnUrl.Local(address));

    [Fact]
    public void Whatever_is_asked_for_stays_on_this_site()
    {
        var pieces = Gen.Elements("/", "//", "\\", "%2f", "%5C", "%25", "%2e", "..", ".", "\t", "\r", "\n", "\0", "https:", "javascript:", "@", ":", "?", "#", "evil.example", "account", "é");
        Property.Holds(pieces.ListOf(), list => StaysHere(string.Concat(list)));
        Property.Holds(pieces.ListOf(), list => StaysHere("/" + string.Concat(list)));
        Property.HoldsForAnyText(StaysHere);
    }

    private static void StaysHere(string? asked)
    {
        var result = ReturnUrl.Local(asked);
        var resolved = new Uri(new Uri("https://reply.example.nhs.uk/sign-in"), result);
        Assert.Equal("https://reply.example.nhs.uk", resolved.GetLeftPart(UriPartial.Authority));
        Assert.StartsWith("/", result, StringComparison.Ordinal);
        Assert.False(result[1..].StartsWith('/') || result.Contains('\\', StringComparison.Ordinal) || result.Any(char.IsControl));
    }
}
