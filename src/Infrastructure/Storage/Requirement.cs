namespace PatientResponse.Infrastructure.Storage;

/// <summary>A document that has to be as it was read, or still good enough, for anything to be saved.</summary>
/// <param name="Version">At which it was last found good.</param>
/// <param name="HoldsAsync">Reads it again: its version now, or null when it is not good any more.</param>
internal sealed record Requirement(string Type, string Id, long Version, Func<CancellationToken, Task<long?>> HoldsAsync)
{
    /// <summary>Changes nothing, and locks the row: whoever changes the document at the same time comes before the whole save, or after it.</summary>
    public Statement Statement => new("update documents set version = version where type = @type and id = @id and version = @version",
        new Dictionary<string, object?> { ["type"] = Type, ["id"] = Id, ["version"] = Version }, MustAffect: 1);
}

/// <summary>What a unit of work was required to hold on to is gone, such as the session of whoever gave the command. Nothing was saved.</summary>
public sealed class RequirementLostException : Exception
{
    public RequirementLostException() { }
    public RequirementLostException(string message) : base(message) { }
    public RequirementLostException(string message, Exception inner) : base(message, inner) { }
}
