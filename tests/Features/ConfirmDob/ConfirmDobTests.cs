using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PatientResponse.Features;
using PatientResponse.Features.ConfirmDob;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Requests;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.ConfirmDob;

public sealed class ConfirmDobTests : IAsyncDisposable
{
    private readonly TestApp _app = new();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_patient_with_the_right_date_of_birth_sees_the_message_and_the_address_loses_the_token()
    {
        var request = await _app.AliceAsksAsync("Please send a photo of your arm");

        var pat = await _app.PatOpensAsync(request.Link);

        Assert.Contains("Please send a photo of your arm", pat.Page.Text);
        Assert.DoesNotContain(request.Link[3..], pat.Page.Address.ToString() + pat.Page.Source);
    }

    [Fact]
    public async Task Before_the_date_of_birth_the_page_tells_nothing_about_the_patient_the_message_or_the_clinician()
    {
        var request = await _app.AliceAsksAsync("Please send a photo of your arm");
        var pat = _app.NewBrowser();

        var page = await pat.GetAsync(request.Link);

        Assert.Contains("What is your date of birth?", page.Text);
        Assert.Contains("Demo Surgery", page.Text); // The demo practice allows it.
        foreach (var secret in new[] { "Test Patient", "999000", "your arm", "Dana", "1980-01", "07700" })
            Assert.DoesNotContain(secret, page.Source.Replace("31 3 1980", "", StringComparison.Ordinal));
    }

    /// <summary>The browsers that apps bring along, old ones, and none: nobody is sent away or shown another page.</summary>
    [Theory]
    [InlineData("Mozilla/5.0 (Linux; Android 6.0.1; SM-J320FN; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/61.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/142.0]")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 12_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 170.0.0.31.107")]
    [InlineData("WhatsApp/2.23.20.0")]
    [InlineData("")]
    public async Task Every_browser_gets_the_same_page_and_can_answer(string userAgent)
    {
        var request = await _app.AliceAsksAsync();
        var ordinary = await _app.NewBrowser().GetAsync(request.Link);
        var pat = _app.NewBrowser();

        var page = await pat.GetAsync(request.Link, userAgent.Length == 0 ? [] : [("User-Agent", userAgent)]);

        Assert.Equal(ordinary.Source, page.Source);
        await pat.GivesDateOfBirthAsync(1, 1, 1980);
        Assert.Equal("Answer sent", (await pat.AnswersAsync("Better")).Heading);
    }

    [Fact]
    public async Task A_practice_that_hides_its_name_is_not_named_before_the_date_of_birth()
    {
        var request = await _app.AliceAsksAsync();
        await _app.WithAsync<IDocumentSession, bool>(async session =>
        {
            var practice = (await session.LoadAsync<Practice>("demo"))!;
            practice.ShowNameBeforeDateOfBirth = false;
            session.Store(practice);
            await session.SaveChangesAsync();
            return true;
        });

        var page = await _app.NewBrowser().GetAsync(request.Link);

        Assert.Contains("What is your date of birth?", page.Text);
        Assert.DoesNotContain("Demo Surgery", page.Source);
        Assert.DoesNotContain("01632", page.Source);
    }

    [Fact]
    public async Task A_thousand_visits_by_link_preview_robots_change_nothing()
    {
        var request = await _app.AliceAsksAsync();
        var before = await EventsAsync();
        var robot = _app.NewBrowser();

        await Parallel.ForAsync(0, 1000, async (i, _) =>
        {
            var answer = await robot.SendAsync(new HttpRequestMessage(i % 2 == 0 ? HttpMethod.Get : HttpMethod.Head, new Uri("http://localhost" + request.Link)));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        });

        Assert.Equal(before, await EventsAsync());
        await _app.PatOpensAsync(request.Link);
    }

    [Fact]
    public async Task A_patient_with_a_wrong_date_of_birth_sees_how_many_tries_are_left()
    {
        var request = await _app.AliceAsksAsync();
        var pat = _app.NewBrowser();
        await pat.GetAsync(request.Link);

        var page = await pat.GivesDateOfBirthAsync(2, 1, 1980);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains("You have 4 tries left", page.Text);
        Assert.StartsWith("Error: ", page.Title, StringComparison.Ordinal);
        Assert.Equal("2", page.Html.QuerySelector("#day")!.GetAttribute("value"));
    }

    [Fact]
    public async Task After_a_wrong_date_Pat_reads_whose_date_is_asked_for_and_whom_to_phone()
    {
        var request = await _app.AliceAsksAsync();
        var pat = _app.NewBrowser();
        Assert.DoesNotContain("Our record may be wrong", (await pat.GetAsync(request.Link)).Text);
        Assert.Contains("of the person that the message is for. If it is right, phone Demo Surgery on 01632 960001", (await pat.GivesDateOfBirthAsync(2, 1, 1980)).Text);
    }

    [Fact]
    public async Task Pat_types_the_code_of_the_page_on_a_computer_at_the_front_door()
    {
        var request = await _app.AliceAsksAsync();
        Assert.EndsWith("Or type it on a computer.", _app.SentTexts[0].Text);
        var code = (await _app.NewBrowser().GetAsync(request.Link)).Html.QuerySelector(".app-code")!.TextContent;
        Assert.Equal(6, code.Count(sign => sign == '-'));
        foreach (var typed in new[] { code, code.ToUpperInvariant().Replace('-', ' ').Replace('0', 'O').Replace('1', 'l'), $"http://localhost{request.Link}" })
        {
            var computer = _app.NewBrowser();
            await computer.GetAsync("/");
            Assert.Equal(request.Link, (await computer.SubmitAsync("main form", ("code", typed))).Address.AbsolutePath);
        }
    }

    [Fact]
    public async Task The_same_wrong_date_again_costs_no_further_try_and_an_impossible_date_none_at_all()
    {
        var request = await _app.AliceAsksAsync();
        var pat = _app.NewBrowser();
        await pat.GetAsync(request.Link);
        for (var i = 0; i < 7; i++)
            Assert.Contains("You have 4 tries left", (await pat.GivesDateOfBirthAsync(2, 1, 1980)).Text);

        var page = await pat.GivesDateOfBirthAsync(31, 2, 1980);

        Assert.Contains("Date of birth must be a real date", page.Text);
        Assert.Equal(1, await EventsAsync("date_of_birth_refused"));
    }

    [Fact]
    public async Task A_right_date_that_was_on_its_way_while_wrong_ones_locked_the_link_is_refused_like_any_other()
    {
        var held = new HeldSave();
        _app.Replace = held.Use;
        var request = await _app.AliceAsksAsync();
        var (right, guesser) = (_app.NewBrowser(), _app.NewBrowser());
        await right.GetAsync(request.Link);
        await guesser.GetAsync(request.Link);
        held.HoldNext(statement => statement.Parameters.Values.Contains("confirmed date of birth"));

        var answer = Task.Run(() => right.GivesDateOfBirthAsync(1, 1, 1980));
        await held.Reached;
        for (var day = 2; day <= 6; day++)
            await guesser.GivesDateOfBirthAsync(day, 1, 1980);
        held.Release();

        Assert.Equal("This link is locked", (await answer).Heading);
        Assert.Equal("", right.Cookies.GetCookieHeader(new Uri($"http://localhost/reply/{await ReferenceAsync()}")));
    }

    [Fact]
    public async Task Of_fifty_wrong_dates_at_once_five_are_evaluated_then_the_right_one_is_refused_and_the_requester_told()
    {
        var request = await _app.AliceAsksAsync();

        var robbery = Parallel.ForAsync(0, 50, new ParallelOptions { MaxDegreeOfParallelism = 50 }, async (i, _) =>
        {
            var robber = _app.NewBrowser();
            await robber.GetAsync(request.Link);
            if (robber.Page.Status == HttpStatusCode.OK)
                await robber.GivesDateOfBirthAsync(1 + (i % 28), 1 + (i / 28), 1970);
        });
        while (!robbery.IsCompleted)
        {
            // From the 21st on they are made to wait.
            await WaitUntilAsync(() => _app.Time.Waiting > 0 || robbery.IsCompleted);
            _app.Time.Advance(TimeSpan.FromSeconds(3));
        }
        await robbery;

        Assert.Equal(5, await EventsAsync("date_of_birth_refused"));
        Assert.Equal(1, await EventsAsync("link_locked"));
        var pat = _app.NewBrowser();
        var page = await pat.OpenAsync(new HttpRequestMessage(HttpMethod.Post, "http://localhost" + request.Link)
        {
            Content = new FormUrlEncodedContent([new("day", "1"), new("month", "1"), new("year", "1980")]),
        });
        Assert.Equal("This link is locked", page.Heading);
        await _app.DoQueuedWorkAsync();
        var email = Assert.Single(_app.SentEmails);
        Assert.Equal(Scenario.AlicesEmail, email.To);
    }

    [Fact]
    public async Task From_the_21st_wrong_date_from_one_address_a_check_waits_three_seconds_and_is_not_refused()
    {
        var links = new List<string>();
        for (var i = 0; i < 6; i++)
            links.Add((await _app.AliceAsksAsync($"Question {i}")).Link);
        var robber = _app.NewBrowser();
        for (var i = 0; i < 20; i++)
        {
            await robber.GetAsync(links[i / 4]);
            await robber.GivesDateOfBirthAsync(1 + i, 5, 1970);
        }
        var pat = _app.NewBrowser();
        await pat.GetAsync(links[5]);

        var check = pat.OpenAsync(WithForgedAddress(pat.Submission("main form", ("day", "1"), ("month", "1"), ("year", "1980"))));
        await WaitUntilAsync(() => _app.Time.Waiting > 0 || check.IsCompleted);

        Assert.False(check.IsCompleted);
        _app.Time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(check.IsCompleted);
        _app.Time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal("Your answer", (await check).Heading);

        static HttpRequestMessage WithForgedAddress(HttpRequestMessage message)
        {
            message.Headers.Add("X-Forwarded-For", "203.0.113.7");
            return message;
        }
    }

    [Fact]
    public async Task Only_wrong_dates_stay_counted_and_a_right_one_pays_for_none_of_them()
    {
        var (first, second) = (await _app.AliceAsksAsync("One"), await _app.AliceAsksAsync("Two"));
        var pat = _app.NewBrowser();
        await pat.GetAsync(first.Link);
        await pat.GivesDateOfBirthAsync(2, 5, 1970);
        await pat.GivesDateOfBirthAsync(3, 5, 1970);
        Assert.Equal(2, await CountedAsync());

        for (var i = 0; i < 3; i++)
        {
            await pat.GetAsync(second.Link);
            await pat.GivesDateOfBirthAsync(1, 1, 1980);
        }
        Assert.Equal(2, await CountedAsync());

        // No date, and links that are dead or were never there.
        await pat.GetAsync(second.Link);
        await pat.GivesDateOfBirthAsync(31, 2, 1980);
        using (await pat.SendAsync(new(HttpMethod.Post, "http://localhost/r/00000000000000000000000000") { Content = new FormUrlEncodedContent([new("day", "4"), new("month", "5"), new("year", "1970")]) }))
            Assert.Equal(2, await CountedAsync());
        await pat.GetAsync(first.Link);
        var late = pat.Submission("form", ("day", "4"), ("month", "5"), ("year", "1970"));
        _app.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(2, await CountedAsync());
        await pat.SendAsync(late);
        Assert.Equal(3, await CountedAsync());
    }

    /// <summary>Whoever gives a right date and hangs up may leave us unsure whether it was saved.</summary>
    [Fact]
    public async Task A_right_date_that_failed_to_be_saved_takes_no_count_back()
    {
        var request = await _app.AliceAsksAsync();
        await using var scope = _app.Services.CreateAsyncScope();
        var session = scope.ServiceProvider.GetRequiredService<IDocumentSession>();
        Assert.True(LinkToken.TryParse(request.Link, out var link));
        await using (var brake = new WrongDateBrake(scope.ServiceProvider.GetRequiredService<Counters>(), _app.Time, new Microsoft.AspNetCore.Http.DefaultHttpContext()))
        {
            await LinkedConversation.FindAsync(link, session, CancellationToken.None, brake.Count);
            Assert.False(await brake.SlowDownAsync());
            Assert.Equal(1, await CountedAsync());
            session.Enlist(new("select 1 / 0", new Dictionary<string, object?>()));
            await Assert.ThrowsAnyAsync<Exception>(() => brake.SaveAsync(session, isRight: true));
        }
        // A division by zero is a conflict, which is sure: the date is decided again, or forgiven.
        Assert.Equal(0, await CountedAsync());

        await using (var brake = new WrongDateBrake(scope.ServiceProvider.GetRequiredService<Counters>(), _app.Time, new Microsoft.AspNetCore.Http.DefaultHttpContext()))
        {
            await LinkedConversation.FindAsync(link, session, CancellationToken.None, brake.Count);
            await brake.SlowDownAsync();
            session.Enlist(new("select no_such_thing", new Dictionary<string, object?>()));
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => brake.SaveAsync(session, isRight: true));
        }
        Assert.Equal(1, await CountedAsync());
    }

    private Task<long> CountedAsync() => _app.WithAsync<Counters, long>(counters => counters.ReadAsync($"wrong-date/{Network.Of(null)}", CancellationToken.None));

    [Fact]
    public async Task A_burst_of_wrong_dates_from_one_address_does_not_slip_past_the_wait()
    {
        var links = new List<string>();
        for (var i = 0; i < 6; i++)
            links.Add((await _app.AliceAsksAsync($"Question {i}")).Link);
        var robbers = new List<TestBrowser>();
        for (var i = 0; i < 24; i++)
        {
            robbers.Add(_app.NewBrowser());
            await robbers[i].GetAsync(links[i / 4]);
        }

        var checks = robbers.Select((robber, i) => Task.Run(() => robber.GivesDateOfBirthAsync(1 + i, 5, 1970))).ToList();
        await WaitUntilAsync(() => checks.Count(check => check.IsCompleted) + _app.Time.Waiting >= 24);

        Assert.Equal(20, checks.Count(check => check.IsCompleted));
        _app.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.All(await Task.WhenAll(checks), page => Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status));
    }

    [Theory]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2:ffff::1", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    public void Two_addresses_of_one_subscriber_count_as_one(string one, string other, bool same) =>
        Assert.Equal(same, Network.Of(IPAddress.Parse(one)) == Network.Of(IPAddress.Parse(other)));

    [Fact]
    public async Task An_unknown_link_has_a_page_with_a_way_forward_that_reveals_nothing()
    {
        await _app.AliceAsksAsync();

        var page = await _app.NewBrowser().GetAsync("/r/00000000000000000000000000");

        Assert.Equal(HttpStatusCode.NotFound, page.Status);
        Assert.Equal("This link does not work", page.Heading);
        Assert.DoesNotContain("Demo Surgery", page.Text);
    }

    [Fact]
    public async Task A_used_link_and_an_expired_one_say_so()
    {
        var used = await _app.AliceAsksAsync();
        await (await _app.PatOpensAsync(used.Link)).AnswersAsync("Fine");
        Assert.Equal("This link has been used", (await _app.NewBrowser().GetAsync(used.Link)).Heading);

        var expired = await _app.AliceAsksAsync();
        _app.Time.Advance(TimeSpan.FromSeconds(604_799));
        Assert.Equal(HttpStatusCode.OK, (await _app.NewBrowser().GetAsync(expired.Link)).Status);
        _app.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("This link is too old", (await _app.NewBrowser().GetAsync(expired.Link)).Heading);
    }

    [Fact]
    public async Task A_date_of_birth_sent_from_another_site_is_refused()
    {
        var request = await _app.AliceAsksAsync();
        var pat = _app.NewBrowser();
        await pat.GetAsync(request.Link);
        var post = pat.Submission("main form", ("day", "1"), ("month", "1"), ("year", "1980"));
        post.Headers.Add("Sec-Fetch-Site", "cross-site");

        Assert.Equal(HttpStatusCode.Forbidden, (await pat.OpenAsync(post)).Status);
    }

    [Fact]
    public async Task Every_page_of_a_patient_is_kept_nowhere_and_framed_nowhere()
    {
        var request = await _app.AliceAsksAsync();
        var pat = await _app.PatOpensAsync(request.Link);
        TestPage[] pages =
        [
            pat.Page, await pat.AnswersAsync(""), await pat.AnswersAsync("Fine"), await _app.NewBrowser().GetAsync(request.Link),
            await _app.NewBrowser().GetAsync("/r/nonsense"), await _app.NewBrowser().GetAsync("/reply/nonsense"), await _app.NewBrowser().GetAsync("/nonsense"),
        ];

        foreach (var headers in pages.Select(page => page.Response.Headers.ToDictionary(h => h.Key, h => string.Join(',', h.Value))))
        {
            Assert.Contains("no-store", headers["Cache-Control"]);
            Assert.Equal("no-referrer", headers["Referrer-Policy"]);
            Assert.Equal("nosniff", headers["X-Content-Type-Options"]);
            Assert.Equal("DENY", headers["X-Frame-Options"]);
            Assert.Contains("default-src 'none'", headers["Content-Security-Policy"]);
            Assert.Contains("frame-ancestors 'none'", headers["Content-Security-Policy"]);
            Assert.DoesNotContain("unsafe", headers["Content-Security-Policy"]);
        }
        foreach (var page in pages)
            Assert.DoesNotContain(page.Html.QuerySelectorAll("[src],link[href]"), e => (e.GetAttribute("src") ?? e.GetAttribute("href"))!.Contains("//", StringComparison.Ordinal));
    }

    private Task<long> EventsAsync(string type = "%") => _app.WithAsync<IDatabase, long>(async database =>
        (await database.QueryAsync<long>("select count(*) from mt_events where type like @type", new { type }, CancellationToken.None))[0]);

    private Task<string> ReferenceAsync() => _app.WithAsync<IDatabase, string>(async database =>
        (await database.QueryAsync<string>("select ref from mt_doc_conversation_row", null, CancellationToken.None))[0]);

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 1000 && !condition(); i++)
            await Task.Delay(10);
    }
}
