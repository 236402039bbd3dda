using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PatientResponse.Features;
using PatientResponse.Features.EraseConversation;
using PatientResponse.Features.ErasureOrders;
using PatientResponse.Infrastructure.Files.Store;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;
using PatientResponse.Tests.Infrastructure.Files;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.EraseConversation;

/// <summary>Somebody who can write to the file store or to the queue, and has no key.</summary>
public class ForgedOrderTests
{
    [Theory]
    [InlineData("erased")]
    [InlineData("")]
    [InlineData("{\"Conversation\":\"\"}")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_marker_with_any_content_erases_nothing_and_is_named(string content)
    {
        var log = new LogCapture();
        await using var installation = await BackedUpInstallation.StartAsync();
        Guid id, real;
        await using (var app = installation.App())
        {
            var alice = await app.AliceSignsInAsync();
            (id, real) = (await alice.AsksAsync(app), await alice.AsksAsync(app));
            await app.PatRepliesAsync(id, "It is swollen", ("knee.png", SampleFiles.Png()));
        }
        await installation.BackUpAsync();
        await using (var app = installation.App())
            await app.CommandAsync("erase", $"{real:N}", "--reason", "asked");
        await installation.RestoreAsync();
        var marker = Path.Combine(installation.Data, "files", BlobName.Erased(id));
        await File.WriteAllTextAsync(marker, content);

        await using (var app = installation.App())
        {
            app.Replace = services => services.AddSingleton<ILoggerProvider>(log);
            var alice = await app.AliceSignsInAsync();
            Assert.Contains("It is swollen", (await alice.GetAsync($"/conversations/{id:N}")).Text, StringComparison.Ordinal);
            // The premise: a marker that is signed is obeyed at this very start.
            Assert.Equal([Erasure.BroughtBack], await app.AuditedAsync("erased"));
            Assert.Contains(log.Errors, line => line.Contains($"erased/{id:N} orders to erase and is not signed", StringComparison.Ordinal));
            Assert.Equal((1, $"forged\terased/{id:N}", ""), await app.CommandAsync("restore-check"));
            Assert.Equal(0, (await app.CommandAsync("accept-restored", "--reason", "restored")).Exit);
            Assert.Equal($"forged-order\terased/{id:N}", (await app.CommandAsync("verify")).Output);
            Assert.Single(Directory.GetFiles(Path.Combine(installation.Data, "files", $"{id:N}")));
        }
    }

    [Fact]
    public async Task A_message_that_nobody_signed_deletes_no_file_writes_no_marker_and_is_parked_and_named()
    {
        var log = new LogCapture();
        await using var app = new TestApp { Replace = services => services.AddSingleton<ILoggerProvider>(log) };
        var alice = await app.AliceSignsInAsync();
        var (id, real) = (await alice.AsksAsync(app), await alice.AsksAsync(app));
        await app.PatRepliesAsync(id, "It is swollen", ("knee.png", SampleFiles.Png()));
        await app.PatRepliesAsync(real, "It is swollen", ("knee.png", SampleFiles.Png()));
        await app.DoQueuedWorkAsync();
        var signed = new ErasureOrder(real, "asked", "operator", app.Time.GetUtcNow()).Sign(app.Services.GetRequiredService<Keyring>());
        await PutAsync(app, new FinishErasing(id, null), new FinishErasing(id, "erased"), new FinishErasing(id, signed), new FinishErasing(real, signed));
        Assert.Equal(3, (await app.CommandAsync("verify")).Output.Split('\n').Count(line => line.StartsWith("forged-order\tmessage/", StringComparison.Ordinal)));
        Assert.Equal(3, (await app.CommandAsync("restore-check")).Output.Split('\n').Count(line => line.StartsWith("forged\tmessage/", StringComparison.Ordinal)));

        await app.DoQueuedWorkAsync();

        var files = await FilesAsync(app);
        // The premise: the one that is signed is obeyed.
        Assert.Contains(BlobName.Erased(real), files);
        Assert.DoesNotContain(files, name => name.StartsWith(BlobName.FolderOf(real), StringComparison.Ordinal));
        Assert.DoesNotContain(BlobName.Erased(id), files);
        Assert.Single(files, name => name.StartsWith(BlobName.FolderOf(id), StringComparison.Ordinal));
        Assert.Equal(3, (await app.CommandAsync("messages", "list")).Output.Split('\n').Count(line => line.Contains($"The order to erase {id:N} is not signed", StringComparison.Ordinal)));
        Assert.Equal(3, log.Errors.Count(line => line.Contains($"The order to erase {id:N} is not signed", StringComparison.Ordinal)));
        Assert.Equal(3, (await app.CommandAsync("verify")).Output.Split('\n').Count(line => line.StartsWith("forged-order\tmessage/", StringComparison.Ordinal)));
        Assert.Contains("It is swollen", (await alice.GetAsync($"/conversations/{id:N}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_order_that_hides_behind_another_messages_name_is_named_and_a_flood_of_them_keeps_no_start_waiting()
    {
        await using var app = new TestApp();
        await PutAsync(app, [.. Enumerable.Range(0, 130).Select(_ => new FinishErasing(Guid.NewGuid(), "made up"))]);
        await app.WithAsync<IDatabase, bool>(async database =>
        {
            await database.ExecuteAsync("update wolverine_incoming_envelopes set message_type = 'PatientResponse.Features.TidyDrafts'");
            await database.ExecuteAsync(
                "insert into wolverine_dead_letters(id, body, message_type, received_at, replayable) select gen_random_uuid(), body, 'nonsense', received_at, false from wolverine_incoming_envelopes limit 7");
            return true;
        });

        Assert.Equal(137, (await app.CommandAsync("verify")).Output.Split('\n').Count(line => line.StartsWith("forged-order\tmessage/", StringComparison.Ordinal)));
        var told = (await app.CommandAsync("restore-check")).Output.Split('\n');
        Assert.Equal(100, told.Count(line => line.StartsWith("forged\tmessage/", StringComparison.Ordinal)));
        Assert.Equal("forged\tmore, which verify names", told[^1]);
    }

    [Fact]
    public void An_order_holds_for_its_conversation_and_its_installation_only_and_cannot_be_changed()
    {
        var (keyring, id, at) = (new Keyring(TestCopy.MasterKey), Guid.Parse("11111111-1111-1111-1111-111111111111"), new DateTimeOffset(2026, 3, 2, 9, 30, 0, TimeSpan.Zero));
        var signed = new ErasureOrder(id, "sent to the wrong person", "operator", at).Sign(keyring);
        Assert.Equal(new(id, "sent to the wrong person", "operator", at), ErasureOrder.Read(keyring, id, signed));

        Assert.Null(ErasureOrder.Read(keyring, Guid.Parse("22222222-2222-2222-2222-222222222222"), signed));
        Assert.Null(ErasureOrder.Read(new Keyring([.. Enumerable.Repeat((byte)9, 32)]), id, signed));
        Assert.Null(ErasureOrder.Read(keyring, id, null));
        Assert.Null(ErasureOrder.Read(keyring, id, signed + "AAAA"));
        Assert.Null(ErasureOrder.Read(keyring, id, new string('A', ErasureOrder.MostOfText + 4)));
        var bytes = Convert.FromBase64String(signed);
        for (var at1 = 0; at1 < bytes.Length; at1++)
        {
            bytes[at1] ^= 1;
            Assert.Null(ErasureOrder.Read(keyring, id, Convert.ToBase64String(bytes)));
            bytes[at1] ^= 1;
        }
        Assert.DoesNotContain("wrong person", Encoding.ASCII.GetString(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Markers_of_before_are_signed_by_the_operators_word_where_the_conversation_is_erased_and_nowhere_else()
    {
        await using var installation = await BackedUpInstallation.StartAsync();
        Guid erased, living;
        await using (var app = installation.App())
        {
            var alice = await app.AliceSignsInAsync();
            (erased, living) = (await alice.AsksAsync(app), await alice.AsksAsync(app));
            await app.DoQueuedWorkAsync();
        }
        await installation.BackUpAsync();
        string Marker(Guid id) => Path.Combine(installation.Data, "files", BlobName.Erased(id));
        await using (var app = installation.App())
        {
            await app.CommandAsync("erase", $"{erased:N}", "--reason", "asked");
            await File.WriteAllTextAsync(Marker(erased), "erased");
            await File.WriteAllTextAsync(Marker(living), "erased");
            Assert.Equal(
                new[] { $"forged-order\terased/{erased:N}", $"forged-order\terased/{living:N}" }.Order(), (await app.CommandAsync("verify")).Output.Split(Environment.NewLine).Order());

            Assert.Equal((1, $"signed\t{erased:N}{Environment.NewLine}forged\terased/{living:N}", ""), await app.CommandAsync("restore-check", "--sign"));
            Assert.Equal($"forged-order\terased/{living:N}", (await app.CommandAsync("verify")).Output);
            File.Delete(Marker(living));
        }
        await installation.RestoreAsync();

        await using (var app = installation.App())
            Assert.Equal([Erasure.BroughtBack], await app.AuditedAsync("erased"));
    }

    private static Task PutAsync(TestApp app, params IMessage[] messages) => app.WithAsync<IDocumentSession, bool>(async session =>
    {
        OutgoingMessages outgoing = [];
        foreach (var message in messages)
            outgoing.Add(message);
        session.Publish(outgoing);
        await session.SaveChangesAsync();
        return true;
    });

    private static Task<List<string>> FilesAsync(TestApp app) => app.WithAsync<IFileStore, List<string>>(async store =>
    {
        var names = new List<string>();
        await foreach (var name in store.ListAsync(""))
            names.Add(name);
        return names;
    });
}
