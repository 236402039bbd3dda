using System.Net;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.PrintingReplies;

public class PrintReplyTests
{
    [Fact]
    public async Task The_page_to_print_holds_who_what_and_when_and_each_picture()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app, "How is your knee?");
        await app.PatRepliesAsync(id, "Better.\n <b>Thanks</b>", ("letter.pdf", SampleFiles.Of(FileKind.Pdf)), ("knee.jpg", SampleFiles.Of(FileKind.Jpeg)));
        var code = app.NewestLink()[^26..];

        var page = await alice.GetAsync($"/conversations/{id:N}/print");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        var head = page.Html.QuerySelector("thead")!.TextContent;
        Assert.All(["Test Patient", "1 January 1980", "999 000 0018", "Dr Dana Demo", "2 March 2026, 9:30am"], text => Assert.Contains(text, head));
        Assert.Equal(["How is your knee?", "Better.\n <b>Thanks</b>"], page.Html.QuerySelectorAll(".app-print__text").Select(text => text.TextContent));
        Assert.Equal(["letter.pdf (not printed here: download it)", "knee.jpg"], page.Html.QuerySelectorAll("ol li").Select(file => file.TextContent));
        var picture = Assert.Single(page.Html.QuerySelectorAll("img"));
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync(picture.GetAttribute("src")!)).Status);
        Assert.DoesNotContain(code, page.Source);
    }

    [Fact]
    public async Task It_is_a_view_on_record_and_the_requester_s_alone()
    {
        await using var app = new TestApp();
        var alice = await app.AliceSignsInAsync();
        var id = await alice.AsksAsync(app);
        Assert.Equal(HttpStatusCode.NotFound, (await alice.GetAsync($"/conversations/{id:N}/print")).Status);
        await app.PatRepliesAsync(id, "Better");

        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync($"/conversations/{id:N}/print")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await (await app.BobSignsInAsync()).GetAsync($"/conversations/{id:N}/print")).Status);

        var actions = await app.WithAsync<IDatabase, IReadOnlyList<string>>(database => database.QueryAsync<string>(
            "select action || ' ' || detail from audit where subject = @id and (action = 'refused' or detail = 'print') order by id", new { id = id.ToString("N") }, CancellationToken.None));
        Assert.Equal(["viewed print", "refused "], actions);
    }
}
