namespace PatientResponse.Infrastructure.Web.Serving;

/// <summary>What whoever asks for our health is told: <c>live</c> says that the process answers, <c>ready</c> that it can do its work, or which
/// part of it cannot. A process that is about to stop is not ready.</summary>
public sealed record HealthAnswer(int Status, string Words)
{
    public const string LivePath = "/health/live", ReadyPath = "/health/ready";

    public static HealthAnswer Live { get; } = new(StatusCodes.Status200OK, "live");

    public static async Task<HealthAnswer> ReadyAsync(Readiness readiness) => await readiness.MissingAsync() is { Count: > 0 } missing
        ? new(StatusCodes.Status503ServiceUnavailable, $"not ready: {string.Join(", ", missing)}")
        : new(StatusCodes.Status200OK, "ready");
}
