using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Security;

public class PatientCookieTests
{
    private static readonly Guid Conversation = Guid.Parse("11111111-1111-1111-1111-111111111111");
    private readonly EphemeralDataProtectionProvider _protection = new();
    private readonly FakeTime _time = new();

    [Fact]
    public void In_Production_what_Pats_browser_keeps_goes_over_https_to_its_page_alone()
    {
        var context = new DefaultHttpContext();
        In(Environments.Production).Begin(context, "abcdefgh", Conversation, "link");

        var cookie = context.Response.Headers.SetCookie.Single()!;
        Assert.StartsWith("__Secure-reply=", cookie, StringComparison.Ordinal);
        Assert.EndsWith("; path=/reply/abcdefgh; secure; samesite=lax; httponly", cookie, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_set_under_the_name_of_before_still_opens_and_is_kept_under_todays()
    {
        var first = new DefaultHttpContext();
        In(Environments.Development).Begin(first, "abcdefgh", Conversation, "link");
        var before = first.Response.Headers.SetCookie.Single()!.Split(';')[0];
        // The premise: that is another name.
        Assert.StartsWith("reply=", before, StringComparison.Ordinal);

        var browser = new DefaultHttpContext { Request = { Headers = { Cookie = before } } };
        Assert.Equal(Conversation, In(Environments.Production).Continue(browser, "abcdefgh", Conversation)!.ConversationId);
        Assert.All(browser.Response.Headers.SetCookie, cookie => Assert.StartsWith("__Secure-", cookie, StringComparison.Ordinal));
        Assert.Equal(2, browser.Response.Headers.SetCookie.Count);
    }

    private PatientSessions In(string environment) => new(_protection, _time, new HostingEnvironment { EnvironmentName = environment });
}
