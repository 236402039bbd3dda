using System.Security.Cryptography;
using PatientResponse.Features.SecondFactor;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Tests.Features.SecondFactor;

public class FactorHandlerTests
{
    private static readonly Keyring Keyring = new(RandomNumberGenerator.GetBytes(32));
    private static readonly Practice Strict = new() { RequiresSecondFactor = true };

    [Fact]
    public void Only_the_first_factor_brings_recovery_codes_and_they_go_with_the_last()
    {
        var alice = new Clinician();
        Assert.Equal(10, FactorHandler.Add(alice, Key(1), Keyring).Count);
        Assert.Empty(FactorHandler.TurnOn(alice, Totp.NewKey(), 1, Keyring));
        Assert.Null(FactorHandler.Remove(alice, Strict, factors => factors.AuthenticatorKey = null));
        Assert.Equal(10, alice.Factors.RecoveryCodes.Count);
        Assert.Equal(FactorHandler.LastOne, FactorHandler.Remove(alice, Strict, factors => factors.Passkeys.Clear()));
        Assert.Single(alice.Factors.Passkeys);
        Assert.Null(FactorHandler.Remove(alice, new Practice(), factors => factors.Passkeys.Clear()));
        Assert.Empty(alice.Factors.RecoveryCodes);
    }

    [Theory]
    [InlineData("", "Passkey 2")]
    [InlineData(" My\nphone ", "My phone")]
    [InlineData("Zoe\u0308\u0092s 📱\u001E2", "Zoë’s 📱-2")]
    [InlineData("My\u202E phone", "My phone")]
    public void A_passkey_has_a_name_of_one_line(string typed, string name) => Assert.Equal(name, FactorHandler.PasskeyName(typed, 2));

    [Fact]
    public void A_passkeys_name_has_sixty_characters_at_most()
    {
        Assert.Equal(60, FactorHandler.PasskeyName(new string('n', 61), 1).Length);
        Assert.Equal(new string('n', 59), FactorHandler.PasskeyName(new string('n', 59) + "📱", 1));
    }

    private static Passkey Key(byte id) => new([id], [], "Phone", default, null, 0, [], false, false);
}
