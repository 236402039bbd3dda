using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Benchmark;

public class AnonymousCostsTests
{
    [Fact]
    public async Task Every_route_is_among_those_that_are_measured()
    {
        await using var app = new TestApp();
        var measured = AnonymousCosts.Of(app).ToList();

        Assert.Superset(
            new HashSet<(string, string)>
            {
                ("GET", "/"), ("POST", "/"), ("GET", "/sign-in"), ("POST", "/sign-in"), ("POST", "/sign-in/second-step"), ("POST", "/sign-in/passkey"), ("POST", "/sign-in/passkey/options"),
                ("GET", "/forgotten-password"), ("POST", "/forgotten-password"), ("GET", "/set-password"), ("POST", "/set-password"), ("GET", "/r/{token}"), ("POST", "/r/{token}"), ("POST", "/r/{token}/new-link"), ("POST", "/reply/{reference}"),
                ("POST", "/reply/{reference}/files"), ("POST", "/reply/{reference}/text"), ("POST", "/webhooks/twilio"), ("POST", "/webhooks/notify"), ("GET", "/health/ready"), ("POST", "/patients/{id}/message/"), ("GET", "{**rest}"), ("POST", "{**rest}"),
            },
            measured.Select(one => (one.Method, one.Route)).ToHashSet());
        foreach (var route in Routes.Of(app).Select(route => route.RoutePattern.RawText!).Where(route => !AnonymousCosts.IsAsset(route)))
            Assert.Contains(measured, one => one.Route == route);
        Assert.All(measured, one => Assert.StartsWith("/", one.Address, StringComparison.Ordinal));
    }
}
