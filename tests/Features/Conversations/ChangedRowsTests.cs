using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.Conversations;

/// <summary>Lists find conversations by columns that are not encrypted. Whoever can write to the database changes them.</summary>
public sealed class ChangedRowsTests : IAsyncDisposable
{
    private readonly TestApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData(", data = jsonb_set(data, '{{Requester}}', to_jsonb('{1}'::text))")]
    [InlineData(", data = jsonb_set(data, '{{Requester}}', to_jsonb('{1}'::text)) - 'Seal'")]
    [InlineData(", data = data - 'Seal'")]
    [InlineData(", data = jsonb_set(data, '{{Seal}}', '\"\"')")]
    [InlineData(", data = jsonb_set(data, '{{Seal}}', (select data -> 'Seal' from mt_doc_conversation_row where requester = '{1}'))")]
    public async Task A_conversation_given_to_Bob_by_its_column_shows_him_not_a_word(string more)
    {
        var (alice, bob) = (await _app.AliceSignsInAsync(), await _app.BobSignsInAsync());
        var hers = await alice.AsksAsync(_app, "The rash on your left knee");
        await bob.AsksAsync(_app, "Bob asks this");
        var bobsId = await _app.LooksUpAsync<string>($"select requester from mt_doc_conversation_row where id <> '{hers}'");
        Assert.Contains("The rash on your left knee", (await alice.GetAsync("/conversations")).Text, StringComparison.Ordinal);

        await _app.ChangesAsync(string.Format(null, $"update mt_doc_conversation_row set requester = '{{1}}'{more} where id = '{{0}}'", hers, bobsId));

        // The premise: the list finds it for him.
        Assert.Equal(2, await _app.LooksUpAsync<long>($"select count(*) from mt_doc_conversation_row where requester = '{bobsId}'"));
        foreach (var page in new[] { "/conversations", "/conversations?q=Patient", "/patients", $"/conversations?show=all" })
        {
            var shown = (await bob.GetAsync(page)).Text;
            Assert.DoesNotContain("left knee", shown, StringComparison.Ordinal);
        }
        var list = await bob.GetAsync("/conversations");
        Assert.Contains("Bob asks this", list.Text, StringComparison.Ordinal);
        Assert.Contains($"This conversation cannot be read. Tell whoever runs PatientResponse: conversation/{hers:N}", list.Text, StringComparison.Ordinal);
        Assert.Single(list.Html.QuerySelectorAll($"a[href^='/conversations/']:not([href*='{hers:N}'])").Select(link => link.GetAttribute("href")!.Split('/')[2].Split('?', '#')[0]).Where(id => id.Length == 32).Distinct());
        Assert.Contains($"changed\tconversation/{hers:N}/requester", await _app.VerifiedAsync());
    }

    /// <summary>A copy of the version before goes on for a while, and knows no seals.</summary>
    [Fact]
    public async Task A_row_without_a_seal_is_shown_where_its_events_say_so()
    {
        var alice = await _app.AliceSignsInAsync();
        var (plain, other) = (await alice.AsksAsync(_app, "Without a seal"), await alice.AsksAsync(_app, "With a seal"));
        await _app.ChangesAsync($"update mt_doc_conversation_row set data = data - 'Seal' where id = '{plain}'");

        var list = await alice.GetAsync("/conversations");

        Assert.Contains("Without a seal", list.Text, StringComparison.Ordinal);
        Assert.Contains("With a seal", list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("cannot be read", list.Text, StringComparison.Ordinal);
        await _app.VerifyNamesAsync();
        Assert.NotEqual(plain, other);
    }
}
