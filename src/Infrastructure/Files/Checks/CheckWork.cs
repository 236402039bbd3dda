namespace PatientResponse.Infrastructure.Files.Checks;

/// <summary>
/// How much work one check may do. Counted, not timed: the same file gets the same answer on every machine. A step is 5 to
/// 10 ns; what reads more than it writes, or the same bytes again and again, pays for every reading.
/// </summary>
internal sealed class CheckWork(CancellationToken cancellation = default)
{
    /// <summary>Steps for one file: 150 ms of one processor at most.</summary>
    public const long MaxSteps = 15_000_000;

    private const long StepsBetweenLooks = 200_000;
    private long nextLook;

    /// <summary>Steps done so far.</summary>
    public long Done { get; private set; }

    /// <summary>Ends the check with <see cref="TooMuchWorkException"/> over the budget, and when its request has gone.</summary>
    public void Spend(long steps)
    {
        Done += steps;
        if (Done > MaxSteps) throw new TooMuchWorkException();
        if (Done < nextLook) return;
        cancellation.ThrowIfCancellationRequested();
        nextLook = Done + StepsBetweenLooks;
    }
}

/// <summary>A file takes more work than any honest one: <see cref="ContentCheck"/> refuses it.</summary>
internal sealed class TooMuchWorkException() : Exception("The file takes too much work to look through.");
