namespace PatientResponse.Infrastructure.Storage;

/// <summary>Something of a slice that every copy does each hour, while the clocks can be believed; several at once must do no harm.</summary>
public interface ISweep
{
    /// <param name="now">The time that all clocks agree on.</param>
    Task SweepAsync(DateTimeOffset now, CancellationToken cancellation);
}
