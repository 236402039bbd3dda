using System.IO.Compression;
using System.Net;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.UploadReply;

/// <summary>Jo replies for Pat.</summary>
public sealed class ProxyTests : IAsyncDisposable
{
    private static readonly (string, string)[] Jo = [("proxy", "true"), ("proxyName", " Jo <b>Patient</b>\u202E "), ("proxyRelationship", "mother")];
    private readonly TestApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Alice_sees_who_replied_for_Pat_on_the_page_on_paper_and_in_the_zip()
    {
        var request = await _app.AliceAsksAsync();
        var jo = await _app.PatOpensAsync(request.Link);
        await jo.SubmitFilesAsync("#reply", [], [("text", "She is better"), .. Jo]);
        Assert.EndsWith("/sent", jo.Page.Address.AbsolutePath);

        Assert.Contains("Written for the patient by Jo <b>Patient</b> (mother).", (await request.Alice.GetAsync(request.Conversation)).Text);
        Assert.Contains("Written for the patient by Jo <b>Patient</b> (mother).", (await request.Alice.GetAsync(request.Conversation + "/print")).Text);
        var answer = await request.Alice.SendAsync(new(HttpMethod.Get, new Uri("http://localhost" + request.Conversation + "/download")));
        using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync());
        Assert.Contains("Written for the patient by: Jo <b>Patient</b> (mother)\r\n", await new StreamReader(zip.Entries[0].Open()).ReadToEndAsync());
    }

    [Fact]
    public async Task The_same_letters_in_other_fields_are_another_answer()
    {
        var request = await _app.AliceAsksAsync();
        var jo = await _app.PatOpensAsync(request.Link);
        var other = jo.FileSubmission("#reply", [], ("text", "BetterJo"), ("proxy", "true"), ("proxyName", "Anne"), ("proxyRelationship", "mother"));
        await jo.SubmitFilesAsync("#reply", [], ("text", "Better"), ("proxy", "true"), ("proxyName", "JoAnne"), ("proxyRelationship", "mother"));
        Assert.Equal("Answer sent", jo.Page.Heading);

        Assert.Equal("This link has been used", (await jo.OpenAsync(other)).Heading);
    }

    [Fact]
    public async Task Who_replies_for_somebody_says_their_name_and_how_they_are_related_and_loses_nothing_typed()
    {
        var request = await _app.AliceAsksAsync();
        var jo = await _app.PatOpensAsync(request.Link);

        var page = await jo.SubmitFilesAsync("#reply", [], ("text", "She is better"), ("proxy", "true"), ("proxyName", "Jo"), ("proxyRelationship", new string('x', 101)));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Null(page.Html.QuerySelector("#proxyName-error"));
        Assert.Contains("100 characters", page.Html.QuerySelector("#proxyRelationship-error")!.TextContent);
        page = await jo.SubmitFilesAsync("#reply", [], ("text", ""), ("proxyName", ""), ("proxyRelationship", " "));
        Assert.Equal(["#text", "#proxyName", "#proxyRelationship"], page.Html.QuerySelectorAll(".nhsuk-error-summary a").Select(link => link.GetAttribute("href")));
        Assert.True(page.Html.QuerySelector("#proxy")!.HasAttribute("checked"));
        await jo.SubmitFilesAsync("#reply", [], [("text", "She is better"), ("action", "keep"), .. Jo]);
        await jo.GetAsync(jo.Page.Address.AbsolutePath);
        Assert.Equal("Jo <b>Patient</b>", jo.Page.Html.QuerySelector("#proxyName")!.GetAttribute("value"));
        Assert.Equal("mother", jo.Page.Html.QuerySelector("#proxyRelationship")!.GetAttribute("value"));
    }

    [Fact]
    public async Task Who_replies_for_somebody_is_saved_with_the_words_while_they_are_typed()
    {
        var request = await _app.AliceAsksAsync();
        var jo = await _app.PatOpensAsync(request.Link);
        var (address, token) = (jo.Page.Address, jo.Page.Html.QuerySelector("#reply [name=__RequestVerificationToken]")!.GetAttribute("value")!);
        KeyValuePair<string, string>[] words = [new("__RequestVerificationToken", token), new("typed", "1"), new("text", "She is"), .. Jo.Select(field => KeyValuePair.Create(field.Item1, field.Item2))];
        Assert.Equal(HttpStatusCode.OK, (await jo.SendAsync(new(HttpMethod.Post, new Uri(address, $"{address.AbsolutePath}/text")) { Content = new FormUrlEncodedContent(words) })).StatusCode);

        await jo.GetAsync(address.AbsolutePath);

        Assert.Equal("Jo <b>Patient</b>", jo.Page.Html.QuerySelector("#proxyName")!.GetAttribute("value"));
        await jo.AnswersAsync("She is better");
        Assert.Contains("Written for the patient by Jo <b>Patient</b> (mother).", (await request.Alice.GetAsync(request.Conversation)).Text);
    }

    [Fact]
    public async Task What_stands_in_the_fields_counts_for_nothing_while_the_box_is_not_ticked()
    {
        var request = await _app.AliceAsksAsync();
        var pat = await _app.PatOpensAsync(request.Link);
        await pat.SubmitFilesAsync("#reply", [], ("text", "I am better"), ("proxyName", "Jo"), ("proxyRelationship", "mother"));
        Assert.DoesNotContain("Written for the patient", (await request.Alice.GetAsync(request.Conversation)).Text);
    }
}
