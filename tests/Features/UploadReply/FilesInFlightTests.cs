using System.Net;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PatientResponse.Features.UploadReply;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.UploadReply;

/// <summary>Who sends much at once gets no more than who sends it piece by piece.</summary>
public sealed class FilesInFlightTests
{
    [Fact]
    public async Task Six_browsers_that_upload_five_files_each_at_once_store_no_more_than_twenty_five()
    {
        var gate = new Gate();
        await using var app = new TestApp { Replace = gate.Use };
        var link = (await app.AliceAsksAsync()).Link;
        var browsers = new List<TestBrowser>();
        for (var i = 0; i < 6; i++)
            browsers.Add(await app.PatOpensAsync(link));
        gate.IsShut = true;

        var sending = browsers.Select((pat, i) => pat.SubmitFilesAsync("#reply", [.. Enumerable.Range(1, 5).Select(n => ($"{n}.pdf", SampleFiles.Pdf(1_000 + (10 * i) + n)))], ("action", "keep"), ("text", "My words"))).ToList();
        // Each has read its whole form and is about to save it.
        await gate.WaitAsync(6);
        var stored = Directory.GetFiles(Path.Combine(app.DataFolder, "files"), "*", SearchOption.AllDirectories).Length;
        gate.Open();
        var pages = await Task.WhenAll(sending);

        Assert.Equal(25, stored);
        var refused = pages.SelectMany(page => page.Html.QuerySelectorAll("#files-error .nhsuk-error-message")).Select(error => error.TextContent).ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, error => Assert.Contains("on other phones or computers", error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_on_its_way_no_more_makes_room()
    {
        await using var app = new TestApp();
        var pat = await app.PatOpensAsync((await app.AliceAsksAsync()).Link);
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await pat.AddsAsync("scan.pdf", SampleFiles.Pdf(), typed: i + 1)).Status);
            var page = await pat.GetAsync(pat.Page.Address.AbsolutePath);
            await pat.RemovesAsync(page.Html.QuerySelector("button[value^='remove:']")!.GetAttribute("value")!);
        }
    }

    [Fact]
    public async Task Thousands_of_tiny_parts_are_refused_before_they_are_read()
    {
        var body = new MemoryStream(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a\"\r\n\r\n\r\n", 20_000)) + "--b--\r\n"));
        var context = new DefaultHttpContext { Request = { ContentType = "multipart/form-data; boundary=b", Body = body } };
        using var reader = new ReplyFormReader(new NoAntiforgery(), null!, new FilesInFlight());

        await Assert.ThrowsAsync<BadHttpRequestException>(() => reader.ReadAsync(context, Guid.NewGuid(), null, new(0, 0, ""), [], CancellationToken.None));

        Assert.InRange(body.Position, 1, body.Length / 50);
    }

    /// <summary>Holds the saves of drafts.</summary>
    private sealed class Gate
    {
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly SemaphoreSlim _waiting = new(0);

        public bool IsShut { get; set; }

        public void Use(IServiceCollection services)
        {
            var real = services.Single(service => service.ServiceType == typeof(IDatabase));
            services.Remove(real);
            services.AddSingleton<IDatabase>(provider => new Database((IDatabase)real.ImplementationFactory!(provider), this));
        }

        public async Task WaitAsync(int saves)
        {
            for (var i = 0; i < saves; i++)
                Assert.True(await _waiting.WaitAsync(TimeSpan.FromSeconds(30)));
        }

        public void Open()
        {
            IsShut = false;
            _open.SetResult();
        }

        private sealed class Database(IDatabase real, Gate gate) : DatabaseInFront(real)
        {
            protected override Task BeforeSaveAsync(IReadOnlyList<Change> changes)
            {
                if (!gate.IsShut || !changes.Any(change => change.Parameters.Values.Contains("ReplyDraft")))
                    return Task.CompletedTask;
                gate._waiting.Release();
                return gate._open.Task;
            }
        }
    }

    private sealed class NoAntiforgery : IAntiforgery
    {
        public Task<bool> IsRequestValidAsync(HttpContext httpContext) => Task.FromResult(true);

        public AntiforgeryTokenSet GetAndStoreTokens(HttpContext httpContext) => throw new NotSupportedException();

        public AntiforgeryTokenSet GetTokens(HttpContext httpContext) => throw new NotSupportedException();

        public void SetCookieTokenAndHeader(HttpContext httpContext) => throw new NotSupportedException();

        public Task ValidateRequestAsync(HttpContext httpContext) => throw new NotSupportedException();
    }
}
