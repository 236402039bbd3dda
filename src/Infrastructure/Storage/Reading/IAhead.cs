namespace PatientResponse.Infrastructure.Storage;

/// <summary>What will be read first: it is read in the round trip of something else, and the first who asks for it gets it.</summary>
public interface IAhead
{
    void Stream(Guid id);

    void Document<T>(Sought id) where T : class, IDocument;
}
