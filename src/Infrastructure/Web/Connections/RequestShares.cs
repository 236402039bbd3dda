using System.Threading.RateLimiting;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;
using PatientResponse.Infrastructure.Web.Requests;

namespace PatientResponse.Infrastructure.Web.Connections;

/// <summary>How many requests of one address are worked on at once: the rest wait in the order of coming. Behind a proxy of ours the
/// address is the forwarded one. Whether we are well can be asked at any time.</summary>
public static class RequestShares
{
    /// <summary>A whole town of phones may share an address, each sending a photo for minutes.</summary>
    public const int AtOnce = 200;

    private const int Waiting = 400;

    public static void AddRequestShares(this IServiceCollection services) => services.AddRateLimiter(options =>
    {
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => context.Request.Path.StartsWithSegments("/health")
            ? RateLimitPartition.GetNoLimiter("health")
            : RateLimitPartition.GetConcurrencyLimiter(Network.Of(context.Connection.RemoteIpAddress), _ => new() { PermitLimit = AtOnce, QueueLimit = Waiting }));
        options.OnRejected = async (rejected, _) =>
            await Page.Of(UnavailablePage.Create(new Unavailable(await SentForm.OfAsync(rejected.HttpContext.Request), StatusCodes.Status503ServiceUnavailable)), StatusCodes.Status503ServiceUnavailable)
                .ExecuteAsync(rejected.HttpContext);
    });
}
