namespace PatientResponse.Infrastructure.Files.Checks;

/// <summary>
/// So many files are looked through at once, and no more: a check keeps a processor busy, and holds its document in memory.
/// Who comes while all are taken waits in the order of coming.
/// </summary>
internal static class CheckSlots
{
    /// <summary>Checks at once. Each holds <see cref="FileRules.MaxBytes"/> bytes.</summary>
    public static int Count { get; } = Math.Clamp(Environment.ProcessorCount, 1, 8);

    private static readonly SemaphoreSlim Free = new(Count);
    private static readonly List<byte[]> Buffers = [];

    public static async ValueTask<Slot> TakeAsync(CancellationToken cancellation)
    {
        await Free.WaitAsync(cancellation);
        return new();
    }

    public static Slot Take(CancellationToken cancellation)
    {
        Free.Wait(cancellation);
        return new();
    }

    /// <summary>One check's place. Gives its memory back without a trace of the document.</summary>
    public sealed class Slot : IDisposable
    {
        private byte[] buffer = [];
        private int length;

        /// <summary>The whole file. Failures of the stream pass through.</summary>
        public async ValueTask<ReadOnlyMemory<byte>> LoadAsync(Stream seekable, CancellationToken cancellation)
        {
            Prepare(seekable);
            length = await seekable.ReadAtLeastAsync(buffer.AsMemory(0, length), length, throwOnEndOfStream: false, cancellation);
            return buffer.AsMemory(0, length);
        }

        /// <inheritdoc cref="LoadAsync"/>
        public ReadOnlyMemory<byte> Load(Stream seekable)
        {
            Prepare(seekable);
            length = seekable.ReadAtLeast(buffer.AsSpan(0, length), length, throwOnEndOfStream: false);
            return buffer.AsMemory(0, length);
        }

        public void Dispose()
        {
            Array.Clear(buffer, 0, length);
            if (buffer.Length > 0) lock (Buffers) Buffers.Add(buffer);
            Free.Release();
        }

        private void Prepare(Stream seekable)
        {
            (seekable.Position, length) = (0, (int)seekable.Length);
            lock (Buffers)
            {
                // The largest, so that in the end all are large enough.
                if (Buffers.MaxBy(free => free.Length) is { } largest && Buffers.Remove(largest)) buffer = largest;
            }
            if (buffer.Length < length) buffer = GC.AllocateUninitializedArray<byte>(length);
        }
    }
}
