namespace PatientResponse.Tests.Fuzzing;

/// <summary>What can be said of the readers without hours of tests/fuzz.</summary>
public sealed class ReadersTests
{
    private const int Damaged = 300;

    public static TheoryData<string> Names { get; } = [.. Readers.All.Select(reader => reader.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Nothing_breaks_a_reader_that_is_like_what_people_send(string name)
    {
        var reader = Readers.Named(name);
        var random = new Random(17);
        foreach (var sample in reader.Samples().ToList())
        {
            reader.Read(sample);
            for (var time = 0; time < Damaged; time++) Read(reader, Damage.Some(sample, reader.Tokens, random));
        }
    }

    /// <summary>What once broke a reader, as small as it could be made.</summary>
    public static TheoryData<string, byte[]> Found { get; } = new()
    {
    };

    [Theory, MemberData(nameof(Found), DisableDiscoveryEnumeration = true)]
    public void What_once_broke_a_reader_breaks_it_no_more(string name, byte[] input) => Read(Readers.Named(name), input);

    [Fact]
    public void A_reader_that_breaks_is_noticed()
    {
        Assert.Throws<BrokenPromiseException>(() => Planted.Reader.Read("Fault!"u8.ToArray()));
        Planted.Reader.Read("Faults"u8.ToArray());
    }

    private static void Read(Reader reader, byte[] input)
    {
        try
        {
            reader.Read(input);
        }
        catch (Exception fault)
        {
            Assert.Fail($"{reader.Name}, {Convert.ToBase64String(input)}: {fault}");
        }
    }
}
