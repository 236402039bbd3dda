namespace PatientResponse.Infrastructure.Storage;

/// <summary>Something of a slice that every copy does each hour; several at once must do no harm.</summary>
public interface ISweep
{
    Task SweepAsync(CancellationToken cancellation);
}
