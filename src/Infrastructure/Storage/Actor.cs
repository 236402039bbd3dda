namespace PatientResponse.Infrastructure.Storage;

/// <summary>Who acts in this scope, as the record shows it: a clinician's id, <c>patient</c> or <c>system</c>.</summary>
public sealed class Actor
{
    public const string Patient = "patient";

    public string Name { get; set; } = "system";
}
