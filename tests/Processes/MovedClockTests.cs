using System.Diagnostics;
using System.Text;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Processes;

/// <summary>The product's own process, whose clock libfaketime moves. The database's stays what it is.</summary>
public class MovedClockTests
{
    private static readonly string Library = $"/usr/lib/{(System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "aarch64" : "x86_64")}-linux-gnu/faketime/libfaketimeMT.so.1";

    [Fact]
    public async Task Started_40_days_ahead_it_says_so_and_erases_marks_and_expires_nothing()
    {
        Assert.SkipUnless(File.Exists(Library), "On Debian, as root: apt-get install -y libfaketime");
        await using var installation = await BackedUpInstallation.StartAsync();
        var (waiting, old) = (Guid.NewGuid(), Guid.NewGuid());
        await installation.WithDatabaseAsync(async database =>
        {
            await using var copy = new TestCopy(database, new FakeTime());
            await copy.SaveAsync(session =>
            {
                session.Store(new Practice { Id = "riverside", Name = "Riverside", SignOff = "Riverside" });
                session.Events.StartStream<Conversation>(waiting, [TestCopy.Message(waiting, DateTimeOffset.UtcNow - TimeSpan.FromDays(3))]);
                session.Events.StartStream<Conversation>(old, [TestCopy.Message(old, DateTimeOffset.UtcNow - TimeSpan.FromDays(31))]);
                session.Publish([new PatientResponse.Infrastructure.Storage.OutgoingMessages.Envelope(new ExpireConversation(waiting), DateTimeOffset.UtcNow + TimeSpan.FromDays(4))]);
            });
            return true;
        });

        var ahead = await ServeAsync(installation, () => Task.Delay(TimeSpan.FromSeconds(12)), ("LD_PRELOAD", Library), ("FAKETIME", "+40d"));
        Assert.Contains("This machine's clock is wrong", ahead, StringComparison.Ordinal);
        Assert.Equal((2, 0, ConversationStatus.Open), await StateAsync(installation, waiting));

        // The premise: with a clock that is right, what is due is marked.
        var right = await ServeAsync(installation, () => ServedApp.UntilAsync(async () => (await StateAsync(installation, waiting)).Marks == 1, "it is marked"));
        Assert.DoesNotContain("clock is wrong", right, StringComparison.Ordinal);
        Assert.Equal((2, 1, ConversationStatus.Open), await StateAsync(installation, waiting));
    }

    private static Task<(long Keys, long Marks, ConversationStatus Status)> StateAsync(BackedUpInstallation installation, Guid id) => installation.WithDatabaseAsync(async database =>
    {
        await using var copy = new TestCopy(database, new FakeTime());
        return (await database.CountAsync("mt_doc_stream_key"), await database.CountAsync("mt_doc_sealed where type = 'ErasureMark'"), (await copy.ReadAsync(id)).Status);
    });

    /// <summary>Starts, waits until it serves and then for something else, and returns what it printed.</summary>
    private static async Task<string> ServeAsync(BackedUpInstallation installation, Func<Task> then, params (string Name, string Value)[] environment)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["Data__Folder"] = installation.Data,
                ["Sms__UndoFor"] = TestApp.NoUndo,
                ["ConnectionStrings__Postgres"] = installation.Postgres,
                ["Encryption__MasterKey"] = Convert.ToBase64String(TestCopy.MasterKey),
                ["Retention__Days"] = "30",
            },
        }.With(environment))!;
        var (output, serves) = (new StringBuilder(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        process.OutputDataReceived += (_, e) => Note(e.Data);
        process.ErrorDataReceived += (_, e) => Note(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await serves.Task.WaitAsync(TimeSpan.FromSeconds(120));
        await then();
        Assert.False(process.HasExited, "It serves until it is killed.");
        process.Kill();
        await process.WaitForExitAsync();
        return output.ToString();

        void Note(string? line)
        {
            lock (output)
                output.AppendLine(line);
            if (line?.Contains("PatientResponse is ready", StringComparison.Ordinal) == true)
                serves.TrySetResult();
        }
    }
}

file static class Starting
{
    public static ProcessStartInfo With(this ProcessStartInfo start, IEnumerable<(string Name, string Value)> environment)
    {
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return start;
    }
}
