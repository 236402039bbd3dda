namespace PatientResponse.Infrastructure.Storage;

/// <summary>This machine's clock as it is, right or wrong. Whoever wants to know the time asks the <see cref="TimeProvider"/>.</summary>
public sealed record OwnClock(TimeProvider Time);
