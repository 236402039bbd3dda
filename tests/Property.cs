using FsCheck;
using FsCheck.Fluent;

namespace PatientResponse.Tests;

/// <summary>Checks a statement on many made-up values; fails with the smallest value that breaks it.</summary>
public static class Property
{
    private static readonly Config Quiet = Config.QuickThrowOnFailure.WithQuietOnSuccess(true);

    public static void Holds<T>(Gen<T> values, Action<T> statement) =>
        Check.One(Quiet, Prop.ForAll(values.ToArbitrary(), statement));

    /// <summary>For text of any kind: what FsCheck makes up, and every naughty string.</summary>
    public static void HoldsForAnyText(Action<string?> statement)
    {
        Check.One(Quiet, Prop.ForAll(ArbMap.Default.ArbFor<string?>(), statement));
        Assert.All(NaughtyStrings.All, statement);
    }
}
