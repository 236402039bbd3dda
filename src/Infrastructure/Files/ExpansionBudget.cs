namespace PatientResponse.Infrastructure.Files;

/// <summary>How much may still be expanded out of one file; what a file declares about itself is never believed.</summary>
internal sealed class ExpansionBudget(long bytes)
{
    public bool IsSpent { get; private set; }

    public long Spent { get; private set; }

    public int Allow(int wanted)
    {
        var allowed = (int)Math.Min(wanted, bytes - Spent + 1);
        return IsSpent ? 0 : allowed;
    }

    public void Spend(int read)
    {
        Spent += read;
        IsSpent |= Spent > bytes;
    }
}

/// <summary>Ends early, with <see cref="ExpansionBudget.IsSpent"/>, where the expanded bytes go over the budget.</summary>
internal sealed class BudgetedStream(Stream expanded, ExpansionBudget budget) : ReadOnlyStream
{
    /// <summary>Bytes read through this stream.</summary>
    public long Count { get; private set; }

    public override int Read(Span<byte> buffer) => Counted(expanded.Read(buffer[..budget.Allow(buffer.Length)]));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Counted(await expanded.ReadAsync(buffer[..budget.Allow(buffer.Length)], cancellationToken));

    protected override void Dispose(bool disposing)
    {
        if (disposing) expanded.Dispose();
        base.Dispose(disposing);
    }

    private int Counted(int read)
    {
        budget.Spend(read);
        Count += read;
        return read;
    }
}
