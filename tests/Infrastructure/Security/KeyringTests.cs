using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage.Sealing;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Infrastructure.Security;

public class KeyringTests
{
    private static readonly Keyring Keys = new(TestCopy.MasterKey);
    private static readonly byte[] Plain = Encoding.UTF8.GetBytes("It hurts at night");

    [Fact]
    public void What_is_sealed_opens_with_the_same_key_and_context_only()
    {
        var key = Keyring.NewDataKey();
        var box = Keyring.Seal(key, Plain, "here");

        Assert.Equal(Plain, Keyring.Open(key, box, "here"));
        Assert.NotEqual(box, Keyring.Seal(key, Plain, "here"));
        Assert.ThrowsAny<CryptographicException>(() => Keyring.Open(key, box, "there"));
        Assert.ThrowsAny<CryptographicException>(() => Keyring.Open(Keyring.NewDataKey(), box, "here"));
    }

    [Fact]
    public void A_data_key_unwraps_for_its_own_stream_under_its_own_master_key_only()
    {
        var key = Keyring.NewDataKey();
        var wrapped = Keys.Wrap(key, "a");

        Assert.Equal(key, new Keyring(TestCopy.MasterKey).Unwrap(wrapped, "a"));
        Assert.ThrowsAny<CryptographicException>(() => Keys.Unwrap(wrapped, "b"));
        Assert.ThrowsAny<CryptographicException>(() => new Keyring(new byte[32]).Unwrap(wrapped, "a"));
        Assert.Throws<ArgumentException>(() => new Keyring(new byte[16]));
    }

    [Fact]
    public void Keys_and_lookups_differ_by_purpose_and_by_master_key()
    {
        var other = new Keyring(new byte[32]);
        Assert.Equal(4, new[] { Keys.Derive("a"), Keys.Derive("b"), other.Derive("a"), TestCopy.MasterKey }.Select(Convert.ToHexString).Distinct().Count());
        Assert.Equal(Keys.Lookup("a", "x"), Keys.Lookup("a", "x"));
        Assert.Equal(4, new[] { Keys.Lookup("a", "x"), Keys.Lookup("b", "x"), Keys.Lookup("a", "y"), other.Lookup("a", "x") }.Distinct().Count());
    }

    [Fact]
    public async Task All_copies_share_the_keys_of_cookies_and_the_database_does_not_show_them()
    {
        await using var started = await TestDatabase.StartAsync();
        await using var one = new TestCopy(started.Database, new FakeTime());
        await using var two = new TestCopy(started.Database, one.Time);

        new DataProtectionKeys(one.Scopes).StoreElement(XElement.Parse("<key id=\"1\"><secret>c2VjcmV0</secret></key>"), "key-1");

        var shared = Assert.Single(new DataProtectionKeys(two.Scopes).GetAllElements());
        Assert.Equal("c2VjcmV0", shared.Element("secret")!.Value);
        Assert.False((await StoredBytes.OfAsync(started.Database)).Holds("c2VjcmV0"));
    }
}
