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
        { "clamav", "stream: FOUND"u8.ToArray() },
        // XmlReader's own fault: broken UTF-8 in a declaration that names an encoding.
        { "docx-parts", [.. "=== word/document.xml\n<?xml version=\"1.0"u8, .. Enumerable.Repeat((byte)0x89, 20), .. "\" encoding=\"UTF-8\"?><a/>"u8] },
        { "docx-parts", [.. "=== [Content_Types].xml\n<?xml version=\"1.0"u8, .. Enumerable.Repeat((byte)0x89, 20), .. "\" encoding=\"UTF-8\"?><a/>"u8] },
        { "docx-parts", [.. "=== _rels/.rels\n<?xml version=\"1.0"u8, .. Enumerable.Repeat((byte)0x89, 20), .. "\" encoding=\"UTF-8\"?><a/>"u8] },
        // A thin space between two dots at the end.
        { "filename", "Q. \u200A."u8.ToArray() },
        // A zlib stream that asks for a dictionary.
        { "pdf", [.. "%PDF-1.5\n1 0 obj\n<</Type/ObjStm/N 1/First 4/Length 8/Filter/FlateDecode>>\nstream\n"u8, 0x78, 0x20, 0, 0, 0, 1, 3, 0, .. "\nendstream\nendobj\nstartxref\n0\n%%EOF\n"u8] },
        // Word's hyphen that does not break, in plain text.
        { "text", "Take 5\u001E10 ml"u8.ToArray() },
    };

    [Theory, MemberData(nameof(Found), DisableDiscoveryEnumeration = true)]
    public void What_broke_a_reader_once_breaks_it_no_more(string name, byte[] input) => Read(Readers.Named(name), input);

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
