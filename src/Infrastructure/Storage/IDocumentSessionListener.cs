namespace PatientResponse.Infrastructure.Storage;

/// <summary>Hears what was saved, after it was.</summary>
public interface IDocumentSessionListener
{
    void AfterCommit(IReadOnlyList<object> events);
}
