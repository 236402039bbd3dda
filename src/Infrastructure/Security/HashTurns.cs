namespace PatientResponse.Infrastructure.Security;

/// <summary>Whose turn it is to have a password hashed, which keeps a processor busy for some 120 ms. Half of the processors hash, at least
/// one; each address has one turn at a time, so that whoever tries thousands of passwords makes nobody else wait for long.</summary>
public sealed class HashTurns : IDisposable
{
    private readonly SemaphoreSlim _all = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly Dictionary<string, Line> _lines = [];
    private readonly Lock _gate = new();

    /// <summary>Waits for its turn and does it.</summary>
    public async Task<T> TakeAsync<T>(string address, Func<Task<T>> hash, CancellationToken cancellation)
    {
        var line = Join(address);
        try
        {
            await line.Turn.WaitAsync(cancellation);
            try
            {
                await _all.WaitAsync(cancellation);
                try
                {
                    return await hash();
                }
                finally
                {
                    _all.Release();
                }
            }
            finally
            {
                line.Turn.Release();
            }
        }
        finally
        {
            Leave(address, line);
        }
    }

    public void Dispose() => _all.Dispose();

    private Line Join(string address)
    {
        lock (_gate)
        {
            if (!_lines.TryGetValue(address, out var line))
                _lines[address] = line = new();
            line.Waiting++;
            return line;
        }
    }

    private void Leave(string address, Line line)
    {
        lock (_gate)
            if (--line.Waiting == 0)
                _lines.Remove(address);
    }

    private sealed class Line
    {
        public SemaphoreSlim Turn { get; } = new(1);
        public int Waiting { get; set; }
    }
}
