using System.Diagnostics;
using PatientResponse.Infrastructure.Telemetry;

namespace PatientResponse.Tests.Infrastructure.Telemetry;

public class PrivateSpansTests
{
    [Fact]
    public void A_span_keeps_its_route_and_loses_its_address_and_everything_else()
    {
        using var span = Server("GET /r/secret");
        foreach (var tag in new[] { "url.path", "url.query", "user_agent.original", "client.address", "of.tomorrow" })
            span.SetTag(tag, "secret");
        span.AddTag("url.path", "secret twice");
        span.SetTag("http.request.method", "GET").SetTag("http.route", "/r/{token}").SetTag("http.response.status_code", 404);
        span.SetStatus(ActivityStatusCode.Error, "secret");
        span.TraceStateString = "from=secret";

        using var processor = new PrivateSpans();
        processor.OnEnd(span);

        Assert.Equal(["http.request.method", "http.response.status_code", "http.route"], span.TagObjects.Select(tag => tag.Key).Order());
        Assert.Equal("GET /r/{token}", span.DisplayName);
        Assert.Equal((ActivityStatusCode.Error, null, null), (span.Status, span.StatusDescription, span.TraceStateString));
        Assert.True(span.Recorded);
    }

    [Fact]
    public void A_span_that_quotes_an_exception_is_not_sent()
    {
        using var span = Server("GET");
        span.AddException(new InvalidOperationException("secret"));

        using var processor = new PrivateSpans();
        processor.OnEnd(span);

        Assert.False(span.Recorded);
    }

    private static Activity Server(string name)
    {
        using var source = new ActivitySource("tests");
        using var listener = new ActivityListener { ShouldListenTo = it => it == source, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded };
        ActivitySource.AddActivityListener(listener);
        return source.StartActivity(name, ActivityKind.Server)!;
    }
}
