namespace PatientResponse.Infrastructure.Files.Intake;

/// <summary>Files that this process is taking in and no draft holds yet. They count against what a conversation may stage: otherwise
/// requests that come at once would each find all the room, and fill the disk before they are refused.</summary>
public sealed class FilesInFlight
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, int> _counts = [];

    /// <summary>Adds one while there are fewer than <paramref name="most"/> on their way.</summary>
    public bool TryAdd(Guid conversationId, int most)
    {
        lock (_gate)
        {
            var before = _counts.GetValueOrDefault(conversationId);
            if (before >= most)
                return false;
            _counts[conversationId] = before + 1;
            return true;
        }
    }

    public void Remove(Guid conversationId, int count)
    {
        lock (_gate)
        {
            if (_counts.GetValueOrDefault(conversationId) is var before && before > count)
                _counts[conversationId] = before - count;
            else
                _counts.Remove(conversationId);
        }
    }
}
