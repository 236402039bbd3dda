namespace PatientResponse.Tests.Fuzzing;

/// <summary>A fault that chance does not find, but whoever watches the branches does: shows that fuzzing sees anything at all.</summary>
public static class Planted
{
    public const string Name = "planted";

    public static Reader Reader { get; } = new(Name, Read, () => [Bytes.Of("Pat")]);

    private static void Read(byte[] input)
    {
        if (input.Length < 6 || input[0] != 'F') return;
        if (input[1] != 'a') return;
        if (input[2] != 'u') return;
        if (input[3] != 'l') return;
        if (input[4] != 't') return;
        Promise.That(input[5] > '!', "This fault was planted.");
    }
}
