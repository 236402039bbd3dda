using PatientResponse.Features.DevPhone;

namespace PatientResponse.Tests.Features.DevPhone;

public class MessageTextTests
{
    private const string Root = "http://localhost:5000";

    [Theory]
    [InlineData("Reply: http://localhost:5000/r/abc-d", "http://localhost:5000/r/abc-d")]
    [InlineData("(http://localhost:5000/r/abc). Thank you", "http://localhost:5000/r/abc")]
    [InlineData("http://localhost:5000/r/a\nhttp://localhost:5000/r/b", "http://localhost:5000/r/a", "http://localhost:5000/r/b")]
    [InlineData("http://localhost:5000/", "http://localhost:5000/")]
    [InlineData("http://localhost:5000.example/r/abc")]
    [InlineData("http://localhost:50001/r/abc")]
    [InlineData("http://localhost:5000@example/r/abc")]
    [InlineData("https://example.com/r/abc javascript:alert(1)")]
    [InlineData("")]
    public void Only_our_own_addresses_are_links(string text, params string[] links) =>
        Assert.Equal(links, MessageText.Parts(text, Root).Where(part => part.IsLink).Select(part => part.Text));

    [Fact]
    public void Nothing_of_a_message_is_lost() => Property.HoldsForAnyText(text =>
    {
        var message = $"{text}{Root}/r/abc {text}";
        Assert.Equal(message, string.Concat(MessageText.Parts(message, Root).Select(part => part.Text)));
    });
}
