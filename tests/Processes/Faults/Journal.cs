using System.Collections.Concurrent;

namespace PatientResponse.Tests.Processes.Faults;

/// <summary>What the client knows.</summary>
internal sealed class Journal
{
    private int _unavailable;
    private int _unanswered;
    private int _answered;
    private int _over;

    public ConcurrentQueue<Story> Stories { get; } = [];

    /// <summary>Answers that nobody should ever get.</summary>
    public ConcurrentQueue<string> Wrong { get; } = [];

    /// <summary>Requests that were told to try again.</summary>
    public int Unavailable => _unavailable;

    /// <summary>Requests whose answer never came.</summary>
    public int Unanswered => _unanswered;

    /// <summary>Requests that were told, by a wrong clock, that something was over.</summary>
    public int Over => _over;

    /// <summary>Requests that were answered, for whoever waits until something works again.</summary>
    public int Answered => Volatile.Read(ref _answered);

    public int Acknowledged => Stories.Sum(story => story.Acknowledged);

    /// <summary>Requests that came to nothing.</summary>
    public int Failed => Volatile.Read(ref _unavailable) + Volatile.Read(ref _unanswered);

    public void NoteUnavailable() => Interlocked.Increment(ref _unavailable);

    public void NoteOver() => Interlocked.Increment(ref _over);

    public void NoteUnanswered() => Interlocked.Increment(ref _unanswered);

    public void NoteAnswer() => Interlocked.Increment(ref _answered);
}
