using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Tests.Infrastructure.Files;

/// <summary>No file keeps a check busy for long, none goes on for somebody who has left, and only so many are looked through at once.</summary>
public class BoundedWorkTests
{
    public static TheoryData<string> Cases => [.. WorstCases.All.Select(worst => worst.Name)];

    [Theory, MemberData(nameof(Cases))]
    public void A_file_that_takes_too_much_work_could_not_be_read(string name)
    {
        var worst = WorstCases.All.Single(each => each.Name == name);
        var file = worst.Make();
        Assert.InRange(file.Length, 1000, FileRules.MaxBytes);
        Assert.Equal(worst.Problem, ContentCheck.Check(new MemoryStream(file), worst.Kind).Problem);
    }

    [Fact]
    public async Task A_check_ends_with_its_request()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        foreach (var kind in (FileKind[])[FileKind.Pdf, FileKind.Doc, FileKind.Docx])
        {
            var file = SampleFiles.Of(kind);
            Assert.Equal(ContentVerdict.Sound, await ContentCheck.CheckAsync(new MemoryStream(file), kind));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ContentCheck.CheckAsync(new MemoryStream(file), kind, gone.Token));
            Assert.ThrowsAny<OperationCanceledException>(() => ContentCheck.Check(new MemoryStream(file), kind, gone.Token));
        }
    }

    [Fact]
    public async Task A_request_that_goes_in_the_middle_of_a_check_ends_it()
    {
        foreach (var kind in (FileKind[])[FileKind.Pdf, FileKind.Doc, FileKind.Docx])
        {
            using var leaving = new CancellationTokenSource();
            using var file = new Leaving(SampleFiles.Of(kind), leaving);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ContentCheck.CheckAsync(file, kind, leaving.Token));
        }
    }

    [Fact]
    public async Task So_many_are_looked_through_at_once_and_the_others_wait_in_the_order_of_coming()
    {
        var all = new Gate();
        var checks = Enumerable.Range(0, 40).Select(number => ContentCheck.CheckAsync(new Waiting(SampleFiles.Pdf(), all, number), FileKind.Pdf)).ToList();
        var most = Math.Clamp(Environment.ProcessorCount, 1, 8);
        for (var ended = 0; ended < checks.Count; ended++)
        {
            // Others' checks may hold some of the places.
            await all.Begun(ended);
            Assert.InRange(all.Running, 1, most);
            all.Let(ended);
        }
        Assert.All(await Task.WhenAll(checks), verdict => Assert.Equal(ContentVerdict.Sound, verdict));
        Assert.Equal(checks.Count, all.Order.Count);
        // Those that run at once may overtake each other, and nobody else.
        Assert.All(all.Order.Index(), begun => Assert.InRange(begun.Item - begun.Index, -most, most));
    }

    /// <summary>Checks that have begun to read, and those that may go on.</summary>
    private sealed class Gate
    {
        private readonly TaskCompletionSource[] begun = [.. Enumerable.Range(0, 40).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        private readonly TaskCompletionSource[] free = [.. Enumerable.Range(0, 40).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        private int running;

        public List<int> Order { get; } = [];

        public int Running => Volatile.Read(ref running);

        public Task Begun(int number) => begun[number].Task;

        public void Let(int number) => free[number].SetResult();

        public async Task PassAsync(int number)
        {
            lock (Order)
            {
                if (Order.Contains(number)) return;
                Order.Add(number);
            }
            Interlocked.Increment(ref running);
            begun[number].SetResult();
            await free[number].Task;
            Interlocked.Decrement(ref running);
        }
    }

    private sealed class Waiting(byte[] bytes, Gate gate, int number) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await gate.PassAsync(number);
            return await base.ReadAsync(buffer, cancellationToken);
        }
    }

    /// <summary>Its last bytes are read when the request has gone.</summary>
    private sealed class Leaving(byte[] bytes, CancellationTokenSource request) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, CancellationToken.None);
            await request.CancelAsync();
            return read;
        }
    }
}
