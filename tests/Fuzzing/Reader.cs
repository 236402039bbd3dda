namespace PatientResponse.Tests.Fuzzing;

/// <summary>One reader of what comes from outside.</summary>
/// <param name="Read">Lets pass whatever the reader throws that its callers do not expect, and throws <see cref="BrokenPromiseException"/>
/// where something does not hold that always has to.</param>
/// <param name="Samples">What fuzzing begins with.</param>
/// <param name="Tokens">Words of the format that chance hardly finds; one byte a character (Latin-1).</param>
public sealed record Reader(string Name, Action<byte[]> Read, Func<IEnumerable<byte[]>> Samples, params string[] Tokens);

/// <summary>Something did not hold that always has to, whatever comes in.</summary>
public sealed class BrokenPromiseException(string promise) : Exception(promise);

public static class Promise
{
    public static void That(bool holds, string promise)
    {
        if (!holds) throw new BrokenPromiseException(promise);
    }
}
