using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Tests.Infrastructure.Text;

public class IdsTests
{
    private const string Id = "0123456789abcdef0123456789abcdef";

    [Fact]
    public void An_id_is_read_as_it_is_written() => Assert.Equal(Id, Ids.Parse(Id)!.Value.ToString("N"));

    [Theory]
    [InlineData(" " + Id)]
    [InlineData(Id + "\n")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("01234567-89ab-cdef-0123-456789abcdef")]
    [InlineData("")]
    [InlineData(null)]
    public void In_any_other_spelling_it_is_none(string? text) => Assert.Null(Ids.Parse(text));

    [Fact]
    public void Ids_of_one_instant_sort_as_they_were_made_and_tell_the_instant()
    {
        var now = new DateTimeOffset(2026, 3, 2, 9, 30, 0, 123, TimeSpan.Zero);

        var ids = Enumerable.Range(0, 1_000).Select(_ => Ids.New(now)).ToList();

        Assert.Equal(ids.Select(id => id.ToString("N")).Order(StringComparer.Ordinal), ids.Select(id => id.ToString("N")));
        Assert.Equal(1_000, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Equal((7, 8), (id.Version, id.Variant & 0b1100)));
        Assert.All(ids, id => Assert.StartsWith("019cade2123b", Convert.ToHexStringLower(id.ToByteArray(bigEndian: true)), StringComparison.Ordinal));
        Assert.True(string.CompareOrdinal(ids[^1].ToString("N"), Ids.New(now + TimeSpan.FromMilliseconds(1)).ToString("N")) < 0);
    }
}
