using System.Security.Cryptography;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.RewrapKeys;

public class RewrapKeysTests
{
    private static readonly string Old = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private static readonly string New = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    [Fact]
    public async Task The_operator_changes_the_master_key_while_Alice_works_and_then_drops_the_old_one()
    {
        await using var installation = await BackedUpInstallation.StartAsync();
        Guid asked;
        await using (var app = installation.App(("Encryption:MasterKey", Old)))
            asked = await (await app.AliceSignsInAsync()).AsksAsync(app);

        await using (var app = installation.App(("Encryption:MasterKey", New), ("Encryption:OldMasterKeys:0", Old)))
        {
            var alice = await app.AliceSignsInAsync();
            var (exit, output, error) = await app.CommandAsync("keys", "rewrap");
            Assert.True(exit == 0, error);
            Assert.Contains("1 stream keys", output, StringComparison.Ordinal);
            Assert.EndsWith("Nothing needs an old key any more.", output, StringComparison.Ordinal);
            Assert.Contains("How is your knee", (await alice.GetAsync($"/conversations/{asked:N}")).Text, StringComparison.Ordinal);
            Assert.Equal(0, (await app.CommandAsync("keys", "rewrap")).Exit);
        }

        await using (var app = installation.App(("Encryption:MasterKey", New)))
        {
            var alice = await app.AliceSignsInAsync();
            Assert.Contains("How is your knee", (await alice.GetAsync($"/conversations/{asked:N}")).Text, StringComparison.Ordinal);
            Assert.Contains("Test Patient", (await alice.GetAsync("/patients?q=9990000018")).Text, StringComparison.Ordinal);
        }
        await installation.WithDatabaseAsync(database => Assert.ThrowsAsync<WrongMasterKeyException>(
            () => RootKey.OpenAsync(database, new(Convert.FromBase64String(Old), []))));
    }

    [Fact]
    public async Task What_the_new_key_does_not_open_is_named_and_the_old_keys_are_to_be_kept()
    {
        await using var app = new TestApp();
        var asked = await (await app.AliceSignsInAsync()).AsksAsync(app);
        await app.WithAsync<IDatabase, bool>(async database =>
        {
            await database.ExecuteAsync("update mt_doc_stream_key set data = jsonb_set(data, '{Wrapped}', to_jsonb(translate(encode(@other, 'base64'), E'\\n', '')))", ("other", new byte[60]));
            return true;
        });

        var (exit, output, error) = await app.CommandAsync("keys", "rewrap");

        Assert.Equal(1, exit);
        Assert.Contains($"unreadable\tkey/{asked:N}", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing needs", output, StringComparison.Ordinal);
        Assert.Contains("Keep the old ones", error, StringComparison.Ordinal);
    }
}
