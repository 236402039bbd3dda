namespace PatientResponse.Infrastructure.Hosting;

/// <summary>Something of a slice that has to be done before the first request of every process.</summary>
public interface IBeforeServing
{
    /// <returns>Why this process must not serve; null when it may.</returns>
    Task<string?> PrepareAsync(CancellationToken cancellation);
}
